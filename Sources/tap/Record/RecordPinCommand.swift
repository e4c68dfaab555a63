import ArgumentParser
import TapCommand
import TapCore
import TapFormats
import TapRecord

struct RecordPinCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin",
        abstract: "Keep what was recorded in a span of time, whatever the limits are.",
        usage: "tap record pin <store> --from <time> --to <time> [<options>]",
        discussion: """
            Segments with records of the span are not dropped until 'tap record unpin'. Times are UTC, by all clock fixes of the \
            session: what may lie in the span is kept. Pinned segments count as their source's, so the newer ones of that \
            source go earlier. 'tap record status' lists pins with their numbers; 'tap run' makes some of its own, of incidents.

            EXAMPLES
              tap record pin plant --from 2026-05-04T12:00:00Z \\
                --to 2026-05-04T13:00:00Z --why "pump trip"

            EXIT STATUS
              0    entered, or left for the recorder, which says so
              64   invalid command line
              65   it is no store, or it is damaged
              73   the store cannot be written
              77   permission denied
            """)

    @Argument(help: "The store.", completion: .directory)
    var store: String
    @Option(help: ArgumentHelp("Begin of the span, UTC.", valueName: "time"))
    var from: String
    @Option(help: ArgumentHelp("End of the span.", valueName: "time"))
    var to: String
    @Option(help: ArgumentHelp("Why, 4,000 bytes at most.", valueName: "text"))
    var why = ""
    @OptionGroup var request: RequestArguments

    func validate() throws {
        try RequestArguments.check(why, "--why")
        guard try time(from, "--from") < time(to, "--to") else {
            throw ValidationError("--to is not later than --from: give the begin of the span first")
        }
    }

    private func time(_ text: String, _ option: String) throws -> UInt64 {
        guard let time = Words.nanoseconds(utc: text) else {
            throw ValidationError("\(option) \(printable(text)) is no time: give UTC as 2026-05-04T12:30:00Z")
        }
        return time
    }

    func run() throws {
        try request.enter(
            .pin(from: time(from, "--from"), to: time(to, "--to"), why: why), into: store, "the pin")
    }
}
