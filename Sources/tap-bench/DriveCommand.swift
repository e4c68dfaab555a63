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
            Each line of the scenario, or of a simulated board, is played onto the bench line of the same name, or \
            onto the one that --line gives. On a bench with outputs, the output wired to that line is driven; on \
            gpio-sim, the line itself. Everything that can be checked is checked before the first line is requested. \
            At the end, also after Ctrl-C, lines are released and the pulls of gpio-sim are restored.

            Changes are made at absolute times of CLOCK_MONOTONIC, in real time or --speed times as fast. Time zero \
            is --lead after the lines were set to their first levels. The summary reports how late the changes \
            started; --log has the due time and the actual time of each.

            EXAMPLES
              tap-bench drive boards/simulator.yaml --board boards/gpio-sim.yaml \\
                --line ENC_A=SIM0 --line ENC_B=SIM1 --for 10s
              tap-bench drive scenarios/waveforms.yaml --board bench.yaml --fifo 50

            \(ExitStatus.table)
            """)

    @Argument(
        help: ArgumentHelp("A scenario file, or the file of a simulated board.", valueName: "scenario"),
        completion: .file(extensions: ["yaml"]))
    var file: String
    @Option(
        name: .board, help: ArgumentHelp("The board file of the bench.", valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var board: String
    @Option(
        name: .line,
        help: ArgumentHelp(
            "A line to play, and the bench line to play it on if its name differs. May be repeated; default: all.",
            valueName: "name[=name]"))
    var lines: [String] = []
    @Option(
        name: .length,
        help: ArgumentHelp(
            "How much of the scenario to play, as 10s, 250ms or 2h; default: the scenario's duration.",
            valueName: "duration")
    )
    var duration: DurationArgument?
    @Option(help: SeedArgument.help)
    var seed: SeedArgument?
    @Option(help: ArgumentHelp("Speed as a multiple of real time, 1 to 1000.", valueName: "n"))
    var speed: UInt32 = 1
    @Option(help: ArgumentHelp("Time from the first levels to time zero.", valueName: "duration"))
    var lead: DurationArgument = DurationArgument(.milliseconds(500))
    @Option(
        help: ArgumentHelp(
            "Write every change, with due and actual times, to a new file, as JSON Lines.", valueName: "file"),
        completion: .file())
    var log: String?
    @Flag(help: "Replace the file of --log if it exists.")
    var overwrite = false
    @OptionGroup var thread: ThreadOptions
    @Flag(name: .quiet, help: "No summary.")
    var quiet = false

    func validate() throws {
        guard (1...1_000).contains(speed) else { throw ValidationError("--speed takes 1 to 1000, not \(speed)") }
    }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        do throws(TapError) { try drive() } catch { throw ExitStatus.report(error) }
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
        // So that the last change is captured before the release of the line changes it.
        options.settle = .milliseconds(10)
        if bench.board.provenance == .hardware { options.spin = .microseconds(50) }
        let driven = try bench.lines(of: play.wires, isLoop: false)
        if let log { try FileIdentity.check(outputs: [("--log", log)], inputs: [file, board]) }
        let output = try log.map { path throws(TapError) in try OutputFile(path, mayReplace: overwrite) }
        let record = DriveLog(capacity: output == nil ? 0 : DriveLogFile.most)
        let stage = DriveStage(driven, options: options, log: record, next: play.next)
        do throws(TapError) { try stage.begin(play.startsHigh) } catch {
            output?.abandon()
            throw error
        }
        let words = try thread.run(stage)
        if let output {
            try output.write(DriveLogFile.text(record, stage.origin, bench.board, scenario, play, options))
            try output.commit()
        }
        for outcome in words where !quiet || !outcome.granted { ExitStatus.say("driving thread: \(outcome)") }
        if !quiet { for line in DriveSummary.lines(record, play, bench.board) { ExitStatus.say(line) } }
        if let failure = stage.failure { throw failure }
    }
}
