import ArgumentParser
import TapCommand
import TapCore
import TapRecord

struct RecordUnpinCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpin",
        abstract: "Take a pin away.",
        discussion: """
            What it held is dropped as the limits of the recorder say. The pin and its end stay in the log.

            EXAMPLES
              tap record unpin plant 1 --why "copied to the case file"

            EXIT STATUS
              0    entered, or left for the recorder, which says so
              64   invalid command line
              65   it is no store, or it is damaged
              66   the store has no such pin
              73   the store cannot be written
              77   permission denied
            """)

    @Argument(help: "The store.", completion: .directory)
    var store: String
    @Argument(help: "Number of the pin.")
    var number: UInt64
    @Option(help: ArgumentHelp("Why, 4,000 bytes at most.", valueName: "text"))
    var why = ""
    @OptionGroup var request: RequestArguments

    func validate() throws { try RequestArguments.check(why, "--why") }

    func run() throws {
        do throws(TapError) {
            guard try RecordStore(store).status().pins.contains(where: { $0.number == number }) else {
                throw TapError(
                    .notFound, "\(store): pin \(number)", "is not there",
                    remedy: "'tap record status' lists the pins")
            }
        } catch { throw ExitStatus.report(error) }
        try request.enter(.unpin(number, why: why), into: store, "the end of the pin")
    }
}
