import ArgumentParser
import TapCommand
import TapCore
import TapRecord

struct RecordResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "End a pause.",
        discussion: """
            Each source is recorded again from its next watermark on, within seconds.

            EXAMPLES
              tap record resume plant --by maintenance

            EXIT STATUS
              0    entered, or left for the recorder, which says so
              64   invalid command line
              65   it is no store, or it is damaged
              66   it is not paused
              73   the store cannot be written
              77   permission denied
            """)

    @Argument(help: "The store.", completion: .directory)
    var store: String
    @Option(help: ArgumentHelp("Why, 4,000 bytes at most.", valueName: "text"))
    var why = ""
    @OptionGroup var request: RequestArguments

    func validate() throws {
        try RequestArguments.check(why, "--why")
    }

    func run() throws {
        do throws(TapError) {
            let status = try RecordStore(store).status()
            guard status.isPaused else {
                throw TapError(.notFound, store, "is not paused", remedy: "'tap record status' says what it does")
            }
        } catch { throw ExitStatus.report(error) }
        try request.enter(.resume(why: why), into: store, "the end of the pause")
    }
}
