import ArgumentParser
import TapCommand
import TapCore
import TapRecord

struct RecordCheckpointCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Print the newest checkpoint of a store, to be noted elsewhere.",
        discussion: """
            One line: origin, number of entries, root. Note it where whoever holds this machine cannot change it: in the \
            shift book, in a mail. 'tap verify --seen' compares it later: what it covers can then no longer be rewritten \
            unnoticed, by nobody. Piped to 'qrencode -t UTF8', where that is installed, the line is a code for a camera.

            EXAMPLES
              tap record checkpoint plant >> shift-book.txt

            EXIT STATUS
              0    done
              64   invalid command line
              65   it is no store, or has no checkpoint
            """)

    @Argument(help: "The store.", completion: .directory)
    var store: String
    @Flag(help: "The whole signed checkpoint instead, as it stands in the store.")
    var signed = false

    func run() throws {
        SessionArguments.prepareToPrint()
        do throws(TapError) {
            let note = try RecordStore(store).checkpoint()
            let lines = note.split(separator: "\n", omittingEmptySubsequences: false).prefix(3)
            try ExitStatus.print(signed ? note : lines.joined(separator: " ") + "\n")
        } catch { throw ExitStatus.report(error) }
    }
}
