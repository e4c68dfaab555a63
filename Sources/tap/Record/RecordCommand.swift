import ArgumentParser

struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Keep what is captured so that a later change can be detected.",
        discussion: """
            Records into a store: a directory of segments, which hold the records, and a log, which holds a digest of each \
            byte of them and is signed every second. 'tap verify' detects any later change, and where it is; \
            'tap complete' says whether a line was silent, and what that rests on; 'tap replay', 'tap convert' and \
            'tap decode' read a store as they read a file. docs/formats/record.md describes the format, docs/threats.md \
            who can do what to a record, and who notices.

            EXAMPLES
              tap record init plant --origin plant-3/press/simulated --provenance simulated
              tap record run --store plant --sim scenarios/bounce.yaml --for 20s
              tap record status plant
            """,
        subcommands: [
            RecordInitCommand.self, RecordRunCommand.self, RecordStatusCommand.self, RecordCheckpointCommand.self,
            RecordNoteCommand.self, RecordPinCommand.self, RecordUnpinCommand.self, RecordPauseCommand.self,
            RecordResumeCommand.self, RecordCosignCommand.self,
        ],
        defaultSubcommand: RecordRunCommand.self)
}
