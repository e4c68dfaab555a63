import ArgumentParser
import Glibc
import TapBench
import TapCommand
import TapConfig
import TapCore
import TapDriver
import TapFormats
import TapSession

struct DriveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drive",
        abstract: "Play the digital lines of a scenario onto real lines.",
        usage: "tap-bench drive <scenario> --board <file> [<options>]",
        discussion: """
            Each line of the scenario, or of a simulated board, is played onto the bench line of the same name, or of \
            the name that \
            --line gives it. On a bench with outputs that is the output wired to that line; on gpio-sim it is the \
            line itself. Everything that can be known is checked before the first line is taken, and when it ends, \
            also by Ctrl-C, lines are released and pulls of gpio-sim are as they were before.

            Changes are made at absolute times of CLOCK_MONOTONIC, in real time or --speed times as fast. Time zero \
            is --lead after the lines were put at their first levels. At the end it says how late changes were \
            begun: what was asked and what was done are two things, and --log has both.

            EXAMPLES
              tap-bench drive boards/simulator.yaml --board boards/gpio-sim.yaml \\
                --line ENC_A=SIM0 --line ENC_B=SIM1 --for 10s
              tap-bench drive scenarios/waveforms.yaml --board bench.yaml --fifo 50

            \(ExitStatus.table)
            """)

    @Argument(help: ArgumentHelp("The scenario file, or that of a simulated board.", valueName: "scenario"))
    var file: String
    @Option(
        help: ArgumentHelp("The board file of the bench.", valueName: "file"), completion: .file(extensions: ["yaml"]))
    var board: String
    @Option(
        name: .customLong("line"),
        help: ArgumentHelp(
            "A line to play, and the bench line to play it on if that has another name. May be repeated; without it all are played.",
            valueName: "name[=name]"))
    var lines: [String] = []
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "Play so much of the scenario's time, as 10s, 250ms or 2h; else as long as it says.", valueName: "duration")
    )
    var duration: DurationArgument?
    @Option(help: SeedArgument.help)
    var seed: SeedArgument?
    @Option(help: ArgumentHelp("How many times as fast as real time, 1 to 1000.", valueName: "n"))
    var speed: UInt32 = 1
    @Option(help: ArgumentHelp("From the first levels to time zero.", valueName: "duration"))
    var lead: DurationArgument = DurationArgument(.milliseconds(500))
    @Option(help: ArgumentHelp("Write every change, due and done, to a new file, as JSON Lines.", valueName: "file"))
    var log: String?
    @Flag(help: "Let --log replace a file that is there.")
    var overwrite = false
    @OptionGroup var thread: ThreadOptions
    @Flag(help: "No summary.")
    var quiet = false

    func validate() throws {
        guard (1...1_000).contains(speed) else { throw ValidationError("--speed takes 1 to 1000, not \(speed)") }
    }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        do throws(TapError) { try drive() } catch { throw ExitStatus.tell(error) }
    }

    private func drive() throws(TapError) {
        let bench = try Bench(CommandBoard.load(board))
        try BoardMatch.check(bench.board)
        let scenario = try CommandScenario.load(file, seed: seed)
        let length = duration?.value ?? scenario.duration
        let play = try Play(scenario, lines: lines, on: bench, length: length)
        var options = DriveStage.Options()
        options.lead = lead.value
        options.speed = speed
        options.length = length
        // So that the last change is seen before what letting go of the line makes of it.
        options.settle = .milliseconds(10)
        if bench.board.provenance == .hardware { options.spin = .microseconds(50) }
        let driven = try bench.lines(of: play.wires, isLoop: false)
        let output = try log.map { path throws(TapError) in try OutputFile(path, mayReplace: overwrite) }
        let record = DriveLog(capacity: output == nil ? 0 : DriveLogFile.most)
        let stage = DriveStage(driven, options: options, log: record, next: play.next)
        do throws(TapError) { try stage.begin(play.startsHigh) } catch {
            output?.withdraw()
            throw error
        }
        let told = thread.run(stage)
        if let output {
            output.begin()
            try output.write(DriveLogFile.text(record, stage.origin, bench.board, scenario, play, options))
        }
        if !quiet { for line in told + DriveSummary.lines(record, play, bench.board) { ExitStatus.say(line) } }
        if let failure = stage.failure { throw failure }
    }
}
