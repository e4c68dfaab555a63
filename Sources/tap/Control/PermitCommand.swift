import ArgumentParser
import TapWatch

struct PermitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "permit",
        abstract: "Permit work that the site file says needs a permit.",
        usage: "tap permit <work> (--for <duration> | --end) --reason <text>",
        discussion: """
            While the work is seen and permitted, findings that it excuses are marked and counted apart; they open no \
            incident. The permit counts from now on and ends with its time; without --state also with the watch. It \
            becomes a note of the session, with the user's name as the system knows it; the whole reason is entered into the \
            log where a store is written.

            EXAMPLES
              tap permit calibration --for 2h --reason "LT1, order 4711"
              tap permit calibration --end --reason "done"

            EXIT STATUS
              0    permitted, or ended
              64   invalid command line, or the watch refused
              74   nobody answers at the socket
            """)

    @Argument(help: "The work, as the site file names it.")
    var work: String
    @OptionGroup var control: ControlArguments

    func run() throws { try control.ask(.permit, work) }
}
