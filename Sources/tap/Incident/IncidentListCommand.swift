import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapFormats
import TapWatch

struct IncidentListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the incidents of a record.",
        usage: "tap incident list --site <file> <file> [<options>]",
        discussion: """
            Watches a store or a capture again by the rules of a site and prints a line for each incident: its number, how \
            bad it is, since when, whether it is over, how many findings it is of, and what it is.

            EXAMPLES
              tap incident list --site sites/pump-station.yaml plant
              tap incident list --site sites/pump-station.yaml --format jsonl plant

            EXIT STATUS
              0    there is none
              1    there is at least one
              64   invalid command line
              65   invalid or unreadable site, capture or store
              73   standard output cannot be written
              141  standard output was closed by its reader
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, jsonl
    }

    @OptionGroup var record: IncidentArguments
    @Option(help: "Output format: text or jsonl.")
    var format: Format = .text

    func run() throws {
        SessionArguments.prepareToWrite()
        let found: FoundIncidents
        do throws(TapError) { found = try record.find() } catch { throw ExitStatus.report(error) }
        switch format {
        case .text: try ExitStatus.print(found.entries.map { line($0, found) + "\n" }.joined())
        case .jsonl: try ExitStatus.print(found.entries.map(found.json).joined())
        }
        if !found.entries.isEmpty { throw ExitCode(1) }
    }

    private func line(_ entry: FoundIncidents.Entry, _ found: FoundIncidents) -> String {
        let incident = entry.incident
        let state = entry.isOpen ? "open" : "over"
        return
            "\(incident.number)  \(incident.severity.rawValue.padded(to: 6))  \(state)  \(found.when(incident.began))  "
            + "\(counted(incident.findings, "finding"))  \(printable(incident.title, longest: 200))  "
            + incident.explanations.map(\.answer.rawValue).joined(separator: ", ")
            + (incident.acknowledgement.map { "  acknowledged by \(printable($0.author))" } ?? "")
    }
}
