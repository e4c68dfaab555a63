import ArgumentParser
import TapCommand

@main
struct TapBenchProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tap-bench",
        abstract: "Drive the lines of a bench, to test gateways and tap itself.",
        discussion: """
            The counterpart of tap: it drives lines, which tap never does. It belongs on a bench and in CI, not on a \
            gateway. It refuses a board whose file has no 'bench' section, which says which lines may be driven \
            (docs/boards.md).

            Driven lines are outputs of a bench board that are wired to the inputs under test, or lines of the \
            kernel's simulated chips (gpio-sim), which need no wire.
            """,
        version: Program.version,
        subcommands: [DriveCommand.self, LoopCommand.self])

    static func main() { Program.run(TapBenchProgram.self) }
}
