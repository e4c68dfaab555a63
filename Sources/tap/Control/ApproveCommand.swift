import ArgumentParser
import TapCommand
import TapCore
import TapWatch

struct ApproveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve another value of a tag that has an approved one.",
        usage: "tap approve <tag> <value> --reason <text> [--within <duration>]",
        discussion: """
            From now on the watch compares the tag with this value, until another one is approved or the site file has \
            another value than today. The value before may be claimed too, until a claim has the new one, and for --within at \
            most. The approval becomes a note of the session, with the user's name as the system knows it; the whole reason is \
            entered into the log where a store is written. 'tap run' keeps it over restarts, in STORE.state; 'tap watch' with \
            --state.

            EXAMPLES
              tap approve hmi.SP_HIGH "3.7 m" --reason "order 4713"
              tap approve hmi.SP_HIGH "3.6 m" --within 1h --reason "order 4714: back"

            EXIT STATUS
              0    approved
              64   invalid command line, or the watch refused
              74   nobody answers at the socket
            """)

    @Argument(help: "The tag with its source, as hmi.SP_HIGH.")
    var tag: String
    @Argument(help: "The value and its unit, as \"3.7 m\".")
    var value: String
    @Option(
        help: ArgumentHelp("How long the value before may still be claimed; 7 days at most.", valueName: "duration"))
    var within = DurationArgument(.seconds(600))
    @OptionGroup var statement: StatementArguments

    func run() throws {
        try statement.say(
            WatchRequest(approving: tag, as: value, before: within.value, reason: statement.reason))
    }
}
