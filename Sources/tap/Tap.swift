import ArgumentParser
import TapCore

@main
struct Tap: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "tap",
        abstract: "A passive electrical witness for machines.",
        discussion: """
            Listens to the wires beside a PLC: digital lines through libgpiod, analog channels through libiio. It \
            only ever listens. Every edge carries the kernel's stamp, every loss is told.

            Start with 'tap doctor' (what can this machine do?), then 'tap lines' (what is there?), then 'tap \
            capture'. Simulated wires for trying it out: --board boards/simulator.yaml, and 'tap sim'.
            """,
        version: version,
        subcommands: [DoctorCommand.self, LinesCommand.self, CaptureCommand.self, SimCommand.self])

    /// A command line that makes no sense is told in one line, as every other failure is.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            let what = message(for: error).split(whereSeparator: \.isNewline).first ?? "the command line makes no sense"
            let name = CommandLine.arguments.dropFirst().first { word in
                configuration.subcommands.contains { $0.configuration.commandName == word }
            }
            ExitStatus.say("tap: \(what); see '\(name.map { "tap \($0)" } ?? "tap") --help'")
            exit(withError: ExitCode(ExitStatus.code(.usage)))
        }
    }
}
