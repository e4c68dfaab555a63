import ArgumentParser
import Glibc
import TapBench
import TapCommand
import TapCore
import TapDriver
import TapSession

struct LoopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loop",
        abstract: "Drive and capture a bench's lines at once, and measure their limits.",
        usage: "tap-bench loop <board> [<options>]",
        discussion: """
            A self-test of a board whose outputs are wired to its inputs, or of the kernel's gpio-sim. Lines are \
            driven one after the other while all are captured through tap's ordinary path; driven changes are compared \
            with captured edges one by one. Each line takes about half a minute.

            WHAT IS MEASURED
              edges           slow changes: is each detected, with its direction?
              shortest pulse  the shortest detectable pulse: all of that width were
                              detected, and none that was longer was missed
              lossless rate   the highest rate of changes without a loss, for a second
              crosstalk       edges on a line that was not driven
              times           from write to timestamp, timestamp after its write, the
                              write, from timestamp to ring: median, 99.9%, longest
            Where this program cannot drive a shorter pulse or a higher rate, the report says so: that is not a limit \
            of the board. --fifo lets it drive faster.

            --profile writes the figures for 'tap doctor' and for the session header of 'tap capture' \
            (docs/formats/profile.md). Both read the file beside the board file that has the same name, with \
            .profile.json instead of .yaml.

            EXAMPLES
              tap-bench loop boards/gpio-sim.yaml --line SIM0 --line SIM1
              tap-bench loop bench.yaml --fifo 50 --report loop.txt \\
                --junit loop.xml --profile bench.profile.json

            EXIT STATUS
              0    all checks passed
              1    a check failed
              64   invalid command line
              65   invalid board file, or the board is not a bench
              66   no such line or chip
              67   the board file describes another machine
              69   not supported by the hardware, its driver or a library
              73   an output cannot be written
              74   a line or chip failed
              75   a line is in use or was named twice
              77   permission denied
              130  stopped by Ctrl-C (143: SIGTERM, 129: SIGHUP): nothing
                   was written
            """)

    @Argument(
        help: ArgumentHelp("The board file of the bench.", valueName: "board"), completion: .file(extensions: ["yaml"]))
    var board: String
    @Option(
        name: .customLong("line"),
        help: ArgumentHelp("Test only this line, by the name of its input. May be repeated.", valueName: "name"))
    var lines: [String] = []
    @Option(
        help: ArgumentHelp("Write the report to a new file instead of standard output.", valueName: "file"),
        completion: .file())
    var report: String?
    @Option(help: ArgumentHelp("Write a JUnit report, for CI, to a new file.", valueName: "file"), completion: .file())
    var junit: String?
    @Option(
        help: ArgumentHelp("Write a profile, for tap, to a new file, if all checks passed.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var profile: String?
    @Flag(help: "Replace the files of --report, --junit and --profile if they exist.")
    var overwrite = false
    @Option(help: ArgumentHelp("Pulses of each width, 10 to 10000.", valueName: "n"))
    var pulses = 100
    @OptionGroup var thread: ThreadOptions
    @Flag(help: "Do not print which line is being tested.")
    var quiet = false

    func validate() throws {
        guard (10...10_000).contains(pulses) else {
            throw ValidationError("--pulses takes 10 to 10000, not \(pulses)")
        }
    }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        let isPassed: Bool?
        do throws(TapError) { isPassed = try loop() } catch { throw ExitStatus.report(error) }
        guard let isPassed else {
            ExitStatus.say("stopped: nothing was written, lines are released")
            throw ExitCode(ExitStatus.code(.interrupted))
        }
        guard isPassed else { throw ExitCode(1) }
    }

    /// - Returns: whether all checks passed; nil: it was stopped.
    private func loop() throws(TapError) -> Bool? {
        let bench = try Bench(CommandBoard.load(board))
        try BoardMatch.check(bench.board)
        let wires = lines.isEmpty ? bench.wires : try bench.select(lines)
        let rig = try GpioRig(
            wires, of: bench, lines: bench.lines(of: wires, isLoop: true), realTime: thread.realTime)
        var counts = LoopTest.Counts()
        counts.pulses = pulses
        try FileIdentity.check(
            outputs: [("--report", report)]
                + [("--junit", junit), ("--profile", profile)].filter { $0.1 != nil }.map { (name: $0.0, path: $0.1) },
            inputs: [board])
        let outputs = try LoopOutputs(report: report, junit: junit, profile: profile, mayReplace: overwrite)
        Signals.onInterrupt(rig.stop)
        let result: LoopResult?
        do throws(TapError) {
            result = try LoopTest(rig, names: wires.map(\.name), counts: counts).run { name in
                if !quiet { ExitStatus.say(name) }
            }
        } catch {
            rig.close()
            outputs.withdraw()
            throw error
        }
        rig.close()
        guard let result else {
            outputs.withdraw()
            return nil
        }
        for outcome in rig.realTimeWords.all where !quiet || !outcome.granted { ExitStatus.say("threads: \(outcome)") }
        var measured = Profile(of: bench.board, version: Program.version)
        measured.fill(result, inputs: wires.compactMap(\.input))
        try outputs.write(result, measured, title: bench.board.title)
        return !result.hasFailed
    }
}

/// The files of a loop: opened before it starts, written when it has ended.
private struct LoopOutputs {
    let report: OutputFile
    let junit: OutputFile?
    let profile: OutputFile?

    init(report: String?, junit: String?, profile: String?, mayReplace: Bool) throws(TapError) {
        var opened: [OutputFile] = []
        func open(_ path: String?) throws(TapError) -> OutputFile {
            do throws(TapError) {
                let output = try OutputFile(path, mayReplace: mayReplace)
                opened.append(output)
                return output
            } catch {
                for output in opened { output.abandon() }
                throw error
            }
        }
        self.report = try open(report)
        self.junit = if let junit { try open(junit) } else { nil }
        self.profile = if let profile { try open(profile) } else { nil }
    }

    func withdraw() { for output in [report, junit, profile] { output?.abandon() } }

    func write(_ result: LoopResult, _ measured: Profile, title: String) throws(TapError) {
        let text = LoopReport(result, measured, title: title)
        try report.write(text.text)
        try report.commit()
        if let junit {
            try junit.write(text.junit)
            try junit.commit()
        }
        guard let profile else { return }
        guard !result.hasFailed else {
            // An existing profile stays as it is.
            profile.abandon()
            ExitStatus.say("no profile was written: \(text.summary)")
            return
        }
        try profile.write(measured.json)
        try profile.commit()
    }
}
