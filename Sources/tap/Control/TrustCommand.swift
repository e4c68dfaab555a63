import ArgumentParser
import TapCommand
import TapCore
import TapWatch

struct TrustCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Say that what a channel measures is right again.",
        usage: "tap trust <channel> --reason <text>",
        discussion: """
            After a step that is faster than a channel can change, nothing is known of it until it steps back, where the site \
            file gives it 'back-within'. Whoever has looked at the transmitter ends that: what it measures from now on \
            counts. This becomes a note of the session, with the user's name as the system knows it; the whole reason is \
            entered into the log where a store is written.

            EXAMPLES
              tap trust LT1 --reason "new transmitter, order 4715"

            EXIT STATUS
              0    said
              64   invalid command line, or the watch refused
              74   nobody answers at the socket
            """)

    @Argument(help: "A channel, as the site file names it.")
    var channel: String
    @OptionGroup var statement: StatementArguments

    func run() throws {
        try statement.say(WatchRequest(.trust, channel, for: .zero, reason: statement.reason))
    }
}
