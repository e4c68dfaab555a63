import ArgumentParser

/// Incidents of what was recorded.
struct IncidentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incident",
        abstract: "List, show and export the incidents of a record; acknowledge those of a watch that runs.",
        discussion: """
            'list', 'show' and 'export' read a record, 'ack' and 'note' speak to a 'tap run' or 'tap watch' that runs. \
            Incidents are a function of the records: they are worked out again from a store or a capture, by the rules of a \
            site file. Of one session they come out as they were live, if site file, permits and --blind-after are the \
            same. A store of several sessions is watched as one, so its numbers may differ from those in the journal.
            """,
        subcommands: [
            IncidentListCommand.self, IncidentShowCommand.self, IncidentExportCommand.self, IncidentAckCommand.self,
            IncidentNoteCommand.self,
        ])
}
