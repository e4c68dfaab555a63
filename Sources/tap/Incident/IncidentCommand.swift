import ArgumentParser

/// Incidents of what was recorded.
struct IncidentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incident",
        abstract: "List and show the incidents of a record.",
        discussion: """
            Incidents are a function of the records: they are worked out again from a store or a capture, by the rules of a \
            site file, and come out as they were when it was watched live, if site file and permits are the same.
            """,
        subcommands: [IncidentListCommand.self, IncidentShowCommand.self])
}
