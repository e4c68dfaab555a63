import ArgumentParser
import TapWatch

struct ShelveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shelve",
        abstract: "Put what a rule or an asset's rules find aside for a time.",
        usage: "tap shelve <rule-or-asset> (--for <duration> | --end) --reason <text>",
        discussion: """
            The rules go on being watched. What they find is marked as shelved and counted with what is excused. Once the \
            time is over, what still stands is reported: an incident that it was of stays open meanwhile. Blind spots and \
            missing proofs are not shelved. Like a permit, it is recorded with the user's name; without --state it ends with the watch.

            EXAMPLES
              tap shelve P1-load --for 8h --reason "worn impeller, order 4712"
              tap shelve P1 --end --reason "repaired"

            EXIT STATUS
              0    shelved, or ended
              64   invalid command line, or the watch refused
              74   nobody answers at the socket
            """)

    @Argument(help: "A rule or an asset, as the site file names it.")
    var subject: String
    @OptionGroup var control: ControlArguments

    func run() throws { try control.ask(.shelve, subject) }
}
