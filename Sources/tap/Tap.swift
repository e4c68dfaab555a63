import ArgumentParser
import TapCommand

@main
struct Tap: ParsableCommand {
    static let version = Program.version

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
        subcommands: [
            DoctorCommand.self, LinesCommand.self, CaptureCommand.self, ReplayCommand.self, ConvertCommand.self,
            DecodeCommand.self, SimCommand.self,
        ])

    static func main() { Program.run(Tap.self) }
}
