import ArgumentParser
import TapCommand
import TapCore
import TapRecord

struct RecordNoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note",
        abstract: "Enter a remark into the log of a store.",
        discussion: """
            The remark is signed like all that is recorded, and cannot be taken out again. It may be entered while a recorder is \
            writing, which takes it up within a second, and while none is.

            EXAMPLES
              tap record note plant "pump 2 exchanged" --by maintenance

            EXIT STATUS
              0    entered, or left for the recorder, which says so
              64   invalid command line
              65   it is no store, or it is damaged
              73   the store cannot be written
              77   permission denied
            """)

    @Argument(help: "The store.", completion: .directory)
    var store: String
    @Argument(help: "The remark, 4,000 bytes at most.")
    var text: String
    @OptionGroup var request: RequestArguments

    func validate() throws { try RequestArguments.check(text, "the remark") }

    func run() throws { try request.enter(.remark(text), into: store, "the remark") }
}
