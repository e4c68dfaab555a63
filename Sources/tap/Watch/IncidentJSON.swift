import TapConfig
import TapCore
import TapFormats
import TapWatch

/// Incidents for programs: docs/formats/watch.md describes each member.
enum IncidentJSON {
    /// - Parameter utc: of the change.
    static func line(
        _ incident: Incident, _ change: Incident.Change, _ rules: [WatchedRule], utc: String?
    ) -> String {
        JSON.object(
            [("incident", "\(incident.number)"), ("state", JSON.string(change.rawValue))]
                + members(of: incident, rules) + [("utc", utc.map { JSON.string($0) })])
    }

    private static func members(of incident: Incident, _ rules: [WatchedRule]) -> [(String, String?)] {
        [
            ("title", JSON.string(incident.title)), ("severity", JSON.string(incident.severity.rawValue)),
            ("began_ns", "\(incident.began.count)"), ("known_ns", "\(incident.known.count)"),
            ("changed_ns", "\(incident.changed.count)"), ("calm_ns", incident.calm.map { "\($0.count)" }),
            ("reopened", "\(incident.reopenings)"), ("findings", "\(incident.findings)"),
            ("standing", "\(incident.standing)"), ("causes", assets(incident.causes)),
            ("effects", assets(incident.effects)),
            ("explanations", JSON.array(incident.explanations.map(explanation))),
            ("attack_version", JSON.string(Explanation.attackVersion)),
            ("rules", JSON.array(incident.involved.map { involved($0, rules) })),
            ("wires", JSON.array(incident.wires.map(value))), ("screen", JSON.array(incident.screen.map(value))),
            ("outlook", incident.outlook.map(outlook)), ("consequences", names(incident.consequences)),
            ("unresolved", incident.unresolved.isEmpty ? nil : names(incident.unresolved)),
            ("removed", incident.removed.isEmpty ? nil : names(incident.removed)),
            ("acknowledged", incident.acknowledgement.map(remark)),
            ("remarks", incident.remarks.isEmpty ? nil : JSON.array(incident.remarks.map(remark))),
            ("quiet", names(incident.quiet)), ("unseen", names(incident.unseen)),
        ]
    }

    private static func remark(_ remark: IncidentRemark) -> String {
        JSON.object([
            ("acknowledgement", "\(remark.isAcknowledgement)"), ("by", JSON.string(remark.author)),
            ("claimed", remark.claimed.isEmpty ? nil : JSON.string(remark.claimed)),
            ("at_ns", "\(remark.time.count)"), ("text", JSON.string(remark.words)),
        ])
    }

    private static func explanation(_ explanation: Explanation) -> String {
        JSON.object([
            ("answer", JSON.string(explanation.answer.rawValue)), ("aim", "\(explanation.answer.isAim)"),
            ("beside", explanation.isBeside ? "true" : nil), ("of_ten", "\(explanation.ofTen)"),
            ("techniques", names(explanation.techniques)),
            ("for", names(explanation.speaksFor)), ("against", names(explanation.speaksAgainst)),
            ("unless", explanation.unless.isEmpty ? nil : JSON.string(explanation.unless)),
            ("check", JSON.string(explanation.check)),
        ])
    }

    private static func involved(_ part: Incident.Involved, _ rules: [WatchedRule]) -> String {
        JSON.object([
            ("rule", JSON.string(rules[part.rule].name)), ("relation", JSON.string(part.relation.rawValue)),
            ("findings", "\(part.findings)"), ("standing", "\(part.standing)"), ("began_ns", "\(part.began.count)"),
            ("known_ns", "\(part.known.count)"), ("counts", "\(part.counts)"),
        ])
    }

    private static func value(_ value: Incident.Value) -> String {
        JSON.object([
            ("name", JSON.string(value.name)), ("value", value.text.map { JSON.string($0) } ?? "null"),
            ("trend", value.trend.map { JSON.string($0) }),
        ])
    }

    private static func outlook(_ outlook: Incident.Outlook) -> String {
        JSON.object([
            ("rule", JSON.string(outlook.rule)), ("limit", JSON.string(outlook.limit)),
            ("in_s", "\(outlook.inTime.count / 1_000_000_000)"),
        ])
    }

    private static func assets(_ assets: [SiteAsset]) -> String { names(assets.map(\.name)) }

    private static func names(_ names: [String]) -> String { JSON.array(names.map { JSON.string($0) }) }
}
