import ArgumentParser
import TapCommand
import TapCore
import TapRecord

struct RecordPauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Pause recording, with a reason that stays in the log.",
        discussion: """
            For example, while somebody works on the plant and its signals mean nothing. The recorder keeps running, but \
            leaves out edges, levels, claims and scans until 'tap record resume' or the end of the session. A restart or \
            reload of the service ends the session, and so the pause. Who asked and why is an entry of the log, each \
            source says from when to when it left out what, and 'tap complete' answers with the reason. No pause can be \
            kept secret or removed from the log.

            EXAMPLES
              tap record pause plant --why "wiring of pump 2" --by maintenance

            EXIT STATUS
              0    entered, or waiting for the recorder (a message says so)
              64   invalid command line
              65   it is no store, or it is damaged
              66   nobody records into it, or it is paused
              73   the store cannot be written
              77   permission denied
            """)

    @Argument(help: "The store.", completion: .directory)
    var store: String
    @Option(help: ArgumentHelp("Why, 4,000 bytes at most.", valueName: "text"))
    var why: String
    @OptionGroup var request: RequestArguments

    func validate() throws {
        try RequestArguments.check(why, "--why")
        if why.isEmpty { throw ValidationError("--why is empty: say why nothing is to be recorded") }
    }

    func run() throws {
        do throws(TapError) {
            let status = try RecordStore(store).status()
            guard status.isRecording else {
                throw TapError(.notFound, store, "nobody records into it", remedy: "there is nothing to pause")
            }
            guard !status.isPaused else {
                throw TapError(.notFound, store, "is paused already", remedy: "'tap record resume' ends it")
            }
        } catch { throw ExitStatus.report(error) }
        try request.enter(.pause(why: why), into: store, "the pause")
    }
}
