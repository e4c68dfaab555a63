import TapCore
import TapFormats
import TapWatch

/// Findings on standard output, a line each, written at the end of each batch.
final class FindingOutput: FindingSink {
    private let rules: [WatchedRule]
    private let format: FindingFormat
    private let output: DescriptorOutput
    /// UTC at the session's start; nil: it has no date, or one of a scenario.
    private let utc: UInt64?
    private var text = ""

    init(_ rules: [WatchedRule], _ format: FindingFormat, _ header: SessionHeader, to output: DescriptorOutput) {
        self.rules = rules
        self.format = format
        self.output = output
        utc = header.dateUTC_ns
    }

    func write(_ line: String) { text += line + "\n" }

    func began(_ finding: Finding) { say(finding) }

    func cleared(_ finding: Finding) { say(finding) }

    func outlasted(_ finding: Finding, at time: Nanoseconds) {
        let rule = rules[finding.rule]
        switch format {
        case .text: write(FindingText.line(finding, rule, at: when(time), isOutlasted: true))
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

    func flush() throws(TapError) {
        guard !text.isEmpty else { return }
        let whole = text
        text = ""
        try output.write(whole)
    }

    private func say(_ finding: Finding) {
        let rule = rules[finding.rule]
        switch format {
        case .text: write(FindingText.line(finding, rule, at: when(finding.cleared ?? finding.known)))
        case .jsonl: write(FindingJSON.line(finding, rule, utc: date(finding.cleared ?? finding.known)))
        case .hash: break
        }
    }

    /// UTC, as far as there is one.
    private func date(_ time: Nanoseconds) -> String? {
        utc.map { Words.utc($0 &+ UInt64(bitPattern: time.count)) }
    }

    /// For people: the date to milliseconds, or the time since the start.
    private func when(_ time: Nanoseconds) -> String {
        if let date = date(time) { return date.dropLast(7) + "Z" }
        let milliseconds = time.count / 1_000_000
        func padded(_ value: Int64, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let (seconds, minutes) = (milliseconds / 1_000, milliseconds / 60_000)
        return
            "+\(minutes / 60):\(padded(minutes % 60, 2)):\(padded(seconds % 60, 2)).\(padded(milliseconds % 1_000, 3))"
    }
}
