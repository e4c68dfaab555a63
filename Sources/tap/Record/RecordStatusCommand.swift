import ArgumentParser
import TapCommand
import TapCore
import TapFormats
import TapRecord

struct RecordStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say what a store holds.",
        discussion: """
            What is held, from when to when, how sessions ended, sizes, and the newest checkpoint, as the store says itself: \
            'tap verify' says whether it is true.

            EXAMPLES
              tap record status plant
              tap record status plant --json

            EXIT STATUS
              0    done
              64   invalid command line
              65   it is no store, or it is damaged
            """)

    @Argument(help: "The store.", completion: .directory)
    var store: String
    @Flag(help: "One JSON object.")
    var json = false

    func run() throws {
        SessionArguments.prepareToPrint()
        do throws(TapError) {
            let status = try RecordStore(store).status()
            try ExitStatus.print((json ? StatusText.json(status) : StatusText.text(status)) + "\n")
        } catch { throw ExitStatus.report(error) }
    }
}
