import TapConfig
import TapCore
import TapFormats
import TapWatch

/// Findings and incidents in the log of a service, a line each. On one thread.
final class FindingLines: FindingSink, IncidentSink {
    private let rules: [WatchedRule]
    private let log: ServiceLog
    private let start: SessionTimeText
    /// Why rules are unknown.
    weak var findings: FindingLog?

    init(_ rules: [WatchedRule], _ header: SessionHeader, _ log: ServiceLog) {
        self.rules = rules
        self.log = log
        start = SessionTimeText(header)
    }

    func began(_ finding: Finding) {
        let rule = rules[finding.rule]
        let priority: ServiceLog.Priority =
            switch finding.kind {
            case .broken where finding.isExcused: .notice
            default: .warning
            }
        say(finding, priority, "began", FindingText.line(finding, rule, at: start.people(finding.known)))
    }

    func cleared(_ finding: Finding) {
        let time = start.people(finding.cleared ?? finding.known)
        say(finding, .notice, "cleared", FindingText.line(finding, rules[finding.rule], at: time))
    }

    func outlasted(_ finding: Finding, at time: Nanoseconds) {
        let rule = rules[finding.rule]
        let text = FindingText.line(finding, rule, at: start.people(time), isOutlasted: true)
        say(finding, .warning, "outlasted", text)
    }

    func changed(_ incident: Incident, _ change: Incident.Change, at time: Nanoseconds) {
        let priority: ServiceLog.Priority =
            change == .closed || change == .acknowledged || change == .noted
            ? .notice : incident.severity == .high ? .critical : .warning
        log.say(
            .incident, priority, IncidentText.line(incident, change, at: start.people),
            [
                ("TAP_INCIDENT", "\(incident.number)"), ("TAP_STATE", change.rawValue),
                ("TAP_SEVERITY", incident.severity.rawValue),
            ]
                + (change == .acknowledged || change == .noted
                    ? incident.remarks.suffix(1).map { ("TAP_BY", $0.author) } : [])
                + incident.causes.map { ("TAP_ASSET", $0.name) })
    }

    func asked(_ request: WatchRequest, by author: String, at time: Nanoseconds) {
        log.say(
            .asked, .notice, FindingText.asked(request, by: author, at: start.people(time)),
            [("TAP_BY", author), ("TAP_ASKED", request.verb.rawValue), ("TAP_OF", request.subject)])
    }

    func late(_ note: LateNote) { log.say(.loss, .warning, FindingText.late(note, at: start.people(note.time))) }

    func surveyed(at time: Nanoseconds, blind: [Int]) {
        for line in SurveyText.lines(blind, rules, findings, at: time, start.people) {
            log.say(.finding, blind.isEmpty ? .notice : .warning, line)
        }
    }

    func flush() {}

    private func say(_ finding: Finding, _ priority: ServiceLog.Priority, _ state: String, _ text: String) {
        let rule = rules[finding.rule]
        let assets = rule.assets.map { ("TAP_ASSET", $0.name) }
        log.say(
            .finding, priority, text,
            [
                ("TAP_RULE", rule.name), ("TAP_FINDING", "\(finding.number)"), ("TAP_STATE", state),
                ("TAP_KIND", finding.kind.rawValue),
            ] + assets)
    }
}
