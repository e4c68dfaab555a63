import ArgumentParser
import TapCommand
import TapCore
import TapDoctor
import TapDriver
import TapFormats
import TapRecord

struct RecordStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say what a store holds.",
        discussion: """
            What is held, from when to when, how sessions ended and when and why nothing was recorded, sizes, for how long the \
            limits last at the present rate, the newest checkpoint, and how worn the medium is. Nothing is verified: \
            'tap verify' does that. Only an eMMC says how worn it is; of another medium give what its maker \
            states as --endurance, and what this store wrote is counted against it.

            WHY NOTHING WAS RECORDED
              stopped    the recorder was stopped in order
              restarted  the machine started anew: a power cut, a reset, a crash of it
              killed     the recorder was killed or crashed, and the machine went on
              hung       it gave no sign of life, and the service manager ended it
              cut        one of these two: the store is on another machine now
              medium     the medium failed or was away
              full       the medium had no room
              paused     somebody had it paused ('tap record pause')

            EXAMPLES
              tap record status plant
              tap record status plant --json
              tap record status plant --endurance 180

            EXIT STATUS
              0    done
              64   invalid command line
              65   it is no store, or it is damaged
              77   permission denied
            """)

    @Argument(help: "The store.", completion: .directory)
    var store: String
    @Option(
        help: ArgumentHelp("How much may be written to the medium in its life, in terabytes.", valueName: "TB"))
    var endurance: Double?
    @Flag(help: "One JSON object.")
    var json = false

    func validate() throws {
        if let endurance, !(endurance > 0 && endurance < 1e9) {
            throw ValidationError("--endurance takes more than 0 terabytes")
        }
    }

    func run() throws {
        SessionArguments.prepareToPrint()
        do throws(TapError) {
            let status = try RecordStore(store).status()
            let text = StatusText(
                status: status, life: MediumLife(of: store), endurance: endurance.map { $0 * 1e12 },
                now: ClockFixSource.Readings.system.utc_ns())
            try ExitStatus.print((json ? text.json : text.text) + "\n")
        } catch { throw ExitStatus.report(error) }
    }
}
