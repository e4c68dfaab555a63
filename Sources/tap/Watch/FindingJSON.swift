import TapConfig
import TapCore
import TapFormats
import TapWatch

/// Findings for programs: docs/formats/watch.md describes each line.
enum FindingJSON {
    static func head(_ header: SessionHeader, _ site: WatchedSite, version: String) -> String {
        JSON.object([
            ("tap", JSON.string(version)), ("watch", "1"), ("site", JSON.string(site.name)),
            ("title", JSON.string(site.title)), ("provenance", JSON.string(header.provenance.rawValue)),
            ("wires", JSON.string(header.wires)), ("rules", names(site.rules.map(\.name))),
            ("not_watched", names(site.unwatched)),
        ])
    }

    /// - Parameter utc: of when it was known, or over.
    static func line(_ finding: Finding, _ rule: WatchedRule, utc: String?) -> String {
        let assets = rule.assets.map { asset in
            JSON.object([
                ("name", JSON.string(asset.name)), ("title", JSON.string(asset.title)),
                ("zone", asset.zone.isEmpty ? nil : JSON.string(asset.zone)),
            ])
        }
        return JSON.object([
            ("finding", "\(finding.number)"), ("state", JSON.string(finding.cleared == nil ? "began" : "cleared")),
            ("kind", JSON.string(finding.kind.rawValue)), ("rule", JSON.string(rule.name)),
            ("severity", JSON.string(rule.severity.rawValue)), ("about", JSON.string(rule.kind.rawValue)),
            ("assets", JSON.array(assets)), ("sentence", JSON.string(rule.sentence)), ("claims", names(rule.claims)),
            ("began_ns", "\(finding.began.count)"), ("known_ns", "\(finding.known.count)"),
            ("cleared_ns", finding.cleared.map { "\($0.count)" }), ("utc", utc.map { JSON.string($0) }),
        ])
    }

    static func survey(at time: Nanoseconds, utc: String?, seen: Int, blind: [String]) -> String {
        JSON.object([
            ("survey_ns", "\(time.count)"), ("seen", "\(seen)"), ("blind", names(blind)),
            ("utc", utc.map { JSON.string($0) }),
        ])
    }

    /// - Parameters:
    ///   - end: up to when, since the start, records came.
    ///   - late: records that came too late to count.
    static func summary(_ log: FindingLog, end: Nanoseconds, late: Int) -> String {
        let rules = zip(log.rules, log.tallies).map { rule, tally in
            JSON.object([
                ("rule", JSON.string(rule.name)), ("broken", "\(tally.broken)"), ("blind", "\(tally.blind)"),
                ("was_known", "\(tally.wasKnown)"), ("holds", tally.holds.map { "\($0)" } ?? "null"),
                (
                    "pending_from_ns",
                    rule.formula.horizon > .zero ? "\(max(.zero, end - rule.formula.horizon).count)" : nil
                ),
            ])
        }
        return JSON.object([
            ("end_ns", "\(end.count)"), ("findings", "\(log.count)"), ("late_records", "\(late)"),
            ("rules", JSON.array(rules)),
        ])
    }

    private static func names(_ names: [String]) -> String { JSON.array(names.map { JSON.string($0) }) }
}
