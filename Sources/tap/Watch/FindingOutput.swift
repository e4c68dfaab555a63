import TapCore
import TapFormats
import TapWatch

/// Findings and incidents on standard output, written at the end of each batch.
final class FindingOutput: FindingSink, IncidentSink {
    private let site: WatchedSite
    private let rules: [WatchedRule]
    private let format: FindingFormat
    private let output: DescriptorOutput
    /// UTC at the session's start; nil: it has no date.
    private let utc: UInt64?
    /// People read each finding too, not only those that make no incident.
    private let hasFindings: Bool
    private var text = ""

    init(
        _ site: WatchedSite, _ format: FindingFormat, _ header: SessionHeader, hasFindings: Bool,
        to output: DescriptorOutput
    ) {
        self.site = site
        rules = site.rules
        self.format = format
        self.hasFindings = hasFindings
        self.output = output
        utc = header.startUTC_ns
    }

    func write(_ line: String) { text += line + "\n" }

    func began(_ finding: Finding) { say(finding) }

    func cleared(_ finding: Finding) { say(finding) }

    func outlasted(_ finding: Finding, at time: Nanoseconds) {
        let rule = rules[finding.rule]
        switch format {
        case .text:
            if hasFindings { write(FindingText.line(finding, rule, at: when(time), isOutlasted: true)) }
        case .jsonl: write(FindingJSON.line(finding, rule, outlasted: time, utc: date(time)))
        case .hash: break
        }
    }

    func surveyed(at time: Nanoseconds, blind: [Int]) {
        let blind = blind.map { rules[$0].name }
        switch format {
        case .text:
            write(
                FindingText.survey(at: when(time), seen: rules.count - blind.count, of: rules.count, blind: blind))
        case .jsonl: write(FindingJSON.survey(at: time, utc: date(time), seen: rules.count - blind.count, blind: blind))
        case .hash: break
        }
    }

    func changed(_ incident: Incident, _ change: Incident.Change, at time: Nanoseconds) {
        switch format {
        case .text:
            write(IncidentText.block(incident, change, site, at: { IncidentText.when($0, utc: utc) }))
        case .jsonl: write(IncidentJSON.line(incident, change, rules, utc: date(time)))
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
            write(FindingText.line(finding, rule, at: when(finding.cleared ?? finding.known)))
        case .jsonl: write(FindingJSON.line(finding, rule, utc: date(finding.cleared ?? finding.known)))
        case .hash: break
        }
    }

    /// UTC, as far as there is one.
    private func date(_ time: Nanoseconds) -> String? {
        utc.map { Words.utc($0 &+ UInt64(bitPattern: time.count)) }
    }

    private func when(_ time: Nanoseconds) -> String { IncidentText.when(time, utc: utc) }
}
