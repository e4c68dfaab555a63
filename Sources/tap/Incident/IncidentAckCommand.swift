import ArgumentParser
import TapWatch

struct IncidentAckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack",
        abstract: "Say that you look after an incident of a watch that runs.",
        usage: "tap incident ack <number> [<text>] [--by <name>]",
        discussion: """
            The incident goes on as before; whoever reads it sees who looks after it. The first to say so counts, and the \
            others are kept too. It becomes a note of the session, with the user's name as the system knows it, so a \
            replay finds the same; it is entered into the log where a store is written. An incident that opens again is \
            nobody's until somebody says so again.

            EXAMPLES
              tap incident ack 1
              tap incident ack 1 "on my way, 20 minutes" --by "A. Smith"

            EXIT STATUS
              0    done
              64   invalid command line, or the watch refused: it has no such incident
              74   nobody answers at the socket
            """)

    @Argument(help: ArgumentHelp("The incident, as the watch numbers it.", valueName: "number"))
    var number: Int
    @Argument(help: "What there is to say.")
    var text: String?
    @OptionGroup var saying: IncidentSayArguments

    func validate() throws { if let text { try IncidentSayArguments.check(text) } }

    func run() throws { try saying.say(.acknowledge, number, text ?? "") }
}
