import TapCore
import TapFormats
import TapWatch

/// Findings on standard output, a line each, written at the end of each batch.
final class FindingOutput: FindingSink {
    private let rules: [WatchedRule]
    private let format: FindingFormat
    private let output: DescriptorOutput
    private let time: SessionTimeText
    private var text = ""

    init(_ rules: [WatchedRule], _ format: FindingFormat, _ header: SessionHeader, to output: DescriptorOutput) {
        self.rules = rules
        self.format = format
        self.output = output
        time = SessionTimeText(header)
    }

    func write(_ line: String) { text += line + "\n" }

    func began(_ finding: Finding) { say(finding) }

    func cleared(_ finding: Finding) { say(finding) }

    func outlasted(_ finding: Finding, at end: Nanoseconds) {
        let rule = rules[finding.rule]
        switch format {
        case .text: write(FindingText.line(finding, rule, at: time.people(end), isOutlasted: true))
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

    func surveyed(at due: Nanoseconds, blind: [Int]) {
        let blind = blind.map { rules[$0].name }
        switch format {
        case .text:
            write(
                FindingText.survey(at: time.people(due), seen: rules.count - blind.count, of: rules.count, blind: blind)
            )
        case .jsonl:
            write(FindingJSON.survey(at: due, utc: time.date(due), seen: rules.count - blind.count, blind: blind))
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
        case .text: write(FindingText.line(finding, rule, at: time.people(finding.cleared ?? finding.known)))
        case .jsonl: write(FindingJSON.line(finding, rule, utc: time.date(finding.cleared ?? finding.known)))
        case .hash: break
        }
    }
}
