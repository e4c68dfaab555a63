import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapSim

struct SimTruthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "truth",
        abstract: "Report what each attack and fault of a scenario makes visible.",
        usage: "tap sim truth <scenario> [<options>]",
        discussion: """
            Runs the scenario with and without each attack, and each fault of its plant, side by side, and compares \
            all signals and claims. Reports the relations that each breaks, with the instant at which it is first to \
            be seen, by how much, and within which accuracy it would not be seen; or that it leaves no trace. A \
            detector is to be judged against this, not against the span of a label.

            RELATIONS
              claim-wire    a claim is farther from its signal than is honest
              wire-program  a command is not what the approved program gives for the same inputs
              wire-machine  a signal is not what the machine gives for the same commands
              claim-claim   a claim is another one beside the same signals; a counter goes back; reports repeat
              silence       claims do not come for longer than they ever pause otherwise

            Prints a table on a terminal, otherwise JSON Lines: docs/scenarios.md describes them.

            EXAMPLES
              tap sim truth scenarios/attacks/frozen-level.yaml
              tap sim truth scenarios/attacks/siren-cut.yaml --for 3h --json
              tap sim truth scenarios/conveyor.yaml

            EXIT STATUS
              0    done
              1    the runs differ before it begins: a mistake in the simulator
              64   invalid command line
              65   invalid or unreadable scenario file, or one without attacks and faults
              73   standard output cannot be written
              130  stopped by Ctrl-C (143: SIGTERM, 129: SIGHUP)
              141  standard output was closed by its reader
            """)

    @Argument(
        help: ArgumentHelp("A scenario file, or the file of a simulated board.", valueName: "scenario"),
        completion: .wires)
    var file: String
    @Option(help: SeedArgument.help)
    var seed: SeedArgument?
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("How long the runs last; default: as the scenario says.", valueName: "time"))
    var duration: DurationArgument?
    @Flag(help: "Print JSON Lines on a terminal too.")
    var json = false

    func run() throws {
        SessionArguments.prepareToWrite()
        let verdicts: [Verdict]
        do throws(TapError) { verdicts = try judge() } catch { throw ExitStatus.report(error) }
        let isTable = Terminal.isOutput && !json
        try ExitStatus.print(isTable ? Verdict.table(verdicts) : verdicts.map { $0.json + "\n" }.joined())
        guard verdicts.allSatisfy({ $0.differsBefore == nil }) else { throw ExitCode(1) }
    }

    private func judge() throws(TapError) -> [Verdict] {
        let scenario = try CommandScenario.load(file, seed: seed)
        guard let end = duration?.value ?? scenario.duration else {
            throw TapError(
                .usage, "--for", "is missing", remedy: "the scenario gives no duration: add one, as --for 2h")
        }
        let oracle = Oracle(scenario, until: end)
        guard oracle.count > 0 else {
            throw TapError(
                .configuration, file, "has no attacks, and its plant no faults until then",
                remedy: "add attacks: docs/attacks.md lists them")
        }
        var progress = ProgressLine()
        defer { progress.end() }
        let verdicts = oracle.judge { share in
            progress.draw("judging", share: share)
            return Interruption.signal == nil
        }
        guard let verdicts else {
            throw TapError(.interrupted, file, "was not judged to its end", remedy: "run it again")
        }
        return verdicts
    }
}
