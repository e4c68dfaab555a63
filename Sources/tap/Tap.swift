import ArgumentParser
import TapCommand

@main
struct Tap: ParsableCommand {
    static let version = Program.version

    static let configuration = CommandConfiguration(
        commandName: "tap",
        abstract: "A passive electrical witness for machines.",
        discussion: """
            Captures the field signals beside a PLC: digital lines through libgpiod, analog channels through libiio. \
            It never drives a line. Every edge has the kernel's timestamp, every detected loss is reported.

            Start with 'tap doctor' (can this machine capture?), then 'tap lines' (which lines does it have?), then \
            'tap capture'. To try it without hardware: --board boards/simulator.yaml, and 'tap sim'.
            """,
        version: version,
        subcommands: [
            DoctorCommand.self, LinesCommand.self, CaptureCommand.self, ReplayCommand.self, ConvertCommand.self,
            DecodeCommand.self, PlotCommand.self, InfoCommand.self, RecordCommand.self, RunCommand.self,
            VerifyCommand.self, CompleteCommand.self, ProveCommand.self, WitnessCommand.self, ClaimsCommand.self,
            SiteCommand.self, WatchCommand.self, WindowCommand.self, SendCommand.self, IncidentCommand.self,
            PermitCommand.self, ShelveCommand.self, ApproveCommand.self, TrustCommand.self, SimCommand.self,
        ])

    static func main() { Program.run(Tap.self) }
}
