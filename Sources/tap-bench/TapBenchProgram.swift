import ArgumentParser
import TapCommand

@main
struct TapBenchProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tap-bench",
        abstract: "Drives the lines of a bench, for testing gateways and tap itself.",
        discussion: """
            The counterpart of tap: it drives lines, and tap never does. It belongs on a bench and in CI, not on a \
            gateway, and refuses every board whose file has no 'bench' section: that is what says which lines may be \
            driven (docs/boards.md).

            Lines that are driven are either outputs of a bench board, wired to the inputs that are to be tested, or \
            lines of the kernel's simulated chips (gpio-sim), which need no wire.
            """,
        version: Program.version,
        subcommands: [DriveCommand.self, LoopCommand.self])

    static func main() { Program.run(TapBenchProgram.self) }
}
