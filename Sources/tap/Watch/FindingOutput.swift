import TapCore
import TapFormats
import TapWatch

/// Findings and incidents on standard output, written at the end of each batch.
final class FindingOutput: FindingSink, IncidentSink {
    private let site: WatchedSite
    private let rules: [WatchedRule]
    private let format: FindingFormat
    private let output: DescriptorOutput
    private let time: SessionTimeText
    /// People read each finding too, not only those that make no incident.
    private let hasFindings: Bool
    private var text = ""
    /// Why rules are unknown.
    weak var log: FindingLog?

    init(
        _ site: WatchedSite, _ format: FindingFormat, _ header: SessionHeader, hasFindings: Bool,
        to output: DescriptorOutput
    ) {
        self.site = site
        rules = site.rules
        self.format = format
        self.hasFindings = hasFindings
        self.output = output
        time = SessionTimeText(header)
    }

    func write(_ line: String) { text += line + "\n" }

    func began(_ finding: Finding) { say(finding) }

    func cleared(_ finding: Finding) { say(finding) }

    func outlasted(_ finding: Finding, at end: Nanoseconds) {
        let rule = rules[finding.rule]
        switch format {
        case .text:
            if hasFindings { write(FindingText.line(finding, rule, at: time.people(end), isOutlasted: true)) }
        case .jsonl: write(FindingJSON.line(finding, rule, outlasted: end, utc: time.date(end)))
        case .hash: break
        }
    }

    func asked(_ request: WatchRequest, by author: String, at begin: Nanoseconds) {
        switch format {
        case .text: write(FindingText.asked(request, by: author, at: time.people(begin)))
        case .jsonl: write(FindingJSON.asked(request, by: author, at: begin, utc: time.date(begin)))
        case .hash: break
        }
    }

    func late(_ note: LateNote) {
        switch format {
        case .text: write(FindingText.late(note, at: time.people(note.time)))
        case .jsonl: write(FindingJSON.late(note, utc: time.date(note.time)))
        case .hash: break
        }
    }

    func surveyed(at due: Nanoseconds, blind: [Int]) {
        switch format {
        case .text: write(SurveyText.lines(blind, rules, log, at: due, time.people).joined(separator: "\n"))
        case .jsonl: write(FindingJSON.survey(at: due, utc: time.date(due), blind: blind, rules, log))
        case .hash: break
        }
    }

    func changed(_ incident: Incident, _ change: Incident.Change, at time: Nanoseconds) {
        switch format {
        case .text:
            write(IncidentText.block(incident, change, site, at: self.time.people))
        case .jsonl: write(IncidentJSON.line(incident, change, rules, utc: self.time.date(time)))
        case .hash: break
        }
    }

    func flush() throws(TapError) {
        guard !text.isEmpty else { return }
        let whole = text
        text = ""
        try output.write(whole)
    }

    private func say(_ finding: Finding) {
        let rule = rules[finding.rule]
        switch format {
        case .text:
            guard hasFindings || !IncidentLog.makes(finding) else { break }
            write(FindingText.line(finding, rule, at: time.people(finding.cleared ?? finding.known)))
        case .jsonl: write(FindingJSON.line(finding, rule, utc: time.date(finding.cleared ?? finding.known)))
        case .hash: break
        }
    }
}
