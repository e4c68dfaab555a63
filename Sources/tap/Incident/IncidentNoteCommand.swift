import ArgumentParser
import TapWatch

struct IncidentNoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note",
        abstract: "Note something of an incident of a watch that runs.",
        usage: "tap incident note <number> <text> [--by <name>]",
        discussion: """
            The text stands with the incident from then on. Like an acknowledgement it becomes a note of the session, with \
            the user's name as the system knows it, and is entered into the log where a store is written. 1,000 bytes at most.

            EXAMPLES
              tap incident note 1 "siren: fuse F12 had blown, replaced"

            EXIT STATUS
              0    done
              64   invalid command line, or the watch refused: it has no such incident
              74   nobody answers at the socket
            """)

    @Argument(help: ArgumentHelp("The incident, as the watch numbers it.", valueName: "number"))
    var number: Int
    @Argument(help: "What there is to say.")
    var text: String
    @OptionGroup var saying: IncidentSayArguments

    func validate() throws { try IncidentSayArguments.check(text) }

    func run() throws { try saying.say(.note, number, text) }
}
