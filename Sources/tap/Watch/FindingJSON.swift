import TapConfig
import TapCore
import TapFormats
import TapWatch

/// Findings for programs: docs/formats/watch.md describes each line.
enum FindingJSON {
    static func head(
        _ header: SessionHeader, _ site: WatchedSite, _ permits: [PermitArgument], version: String
    ) -> String {
        JSON.object([
            ("tap", JSON.string(version)), ("watch", "1"), ("site", JSON.string(site.name)),
            ("title", JSON.string(site.title)), ("provenance", JSON.string(header.provenance.rawValue)),
            ("wires", JSON.string(header.wires)), ("rules", names(site.rules.map(\.name))),
            ("not_watched", names(site.unwatched)),
            ("without", site.leftOut.isEmpty ? nil : names(site.leftOut.sorted())),
            ("permits", permits.isEmpty ? nil : names(permits.map(\.text))),
        ])
    }

    /// - Parameters:
    ///   - outlasted: since when no work excuses it any more; nil: that is not what the line is about.
    ///   - utc: of what the line is about.
    static func line(
        _ finding: Finding, _ rule: WatchedRule, outlasted: Nanoseconds? = nil, utc: String?
    ) -> String {
        let assets = rule.assets.map { asset in
            JSON.object([
                ("name", JSON.string(asset.name)), ("title", JSON.string(asset.title)),
                ("zone", asset.zone.isEmpty ? nil : JSON.string(asset.zone)),
            ])
        }
        return JSON.object([
            ("finding", "\(finding.number)"),
            ("state", JSON.string(outlasted != nil ? "outlasted" : finding.cleared == nil ? "began" : "cleared")),
            ("kind", JSON.string(finding.kind.rawValue)), ("rule", JSON.string(rule.name)),
            ("severity", JSON.string(rule.severity.rawValue)), ("about", JSON.string(rule.kind.rawValue)),
            ("assets", JSON.array(assets)), ("sentence", JSON.string(rule.sentence)), ("claims", names(rule.claims)),
            ("began_ns", "\(finding.began.count)"), ("known_ns", "\(finding.known.count)"),
            ("values", finding.values.isEmpty ? nil : JSON.array(finding.values.map(value))),
            ("work", finding.work.map { JSON.string($0.name) }),
            ("excused", finding.work.map { "\($0.isPermitted)" }),
            ("shelved_until_ns", finding.shelved.map { "\($0.count)" }),
            ("outlasted_ns", outlasted.map { "\($0.count)" }),
            ("proven_ns", finding.proven.map { "\($0.count)" }),
            ("cleared_ns", finding.cleared.map { "\($0.count)" }), ("utc", utc.map { JSON.string($0) }),
        ])
    }

    static func late(_ note: LateNote, utc: String?) -> String {
        JSON.object([
            ("late", JSON.string(note.name)), ("records", "\(note.count)"), ("time_ns", "\(note.time.count)"),
            ("behind_ns", "\(note.behind.count)"), ("utc", utc.map { JSON.string($0) }),
        ])
    }

    static func asked(_ request: WatchRequest, by author: String, at time: Nanoseconds, utc: String?) -> String {
        let isApproval = request.verb == .approve
        return JSON.object([
            ("asked", JSON.string(request.verb.rawValue)), ("of", JSON.string(request.subject)),
            ("value", isApproval ? JSON.string(request.value) : nil), ("from_ns", "\(time.count)"),
            (
                isApproval ? "before_until_ns" : "until_ns",
                request.verb == .trust ? nil : "\((time + request.time).count)"
            ),
            ("by", JSON.string(author)), ("reason", request.reason.isEmpty ? nil : JSON.string(request.reason)),
            ("utc", utc.map { JSON.string($0) }),
        ])
    }

    private static func value(_ value: FindingValue) -> String {
        JSON.object([
            ("name", JSON.string(value.name)), ("value", value.text.map { JSON.string($0) } ?? "null"),
            ("time_ns", value.time.map { "\($0.count)" }),
        ])
    }

    static func survey(
        at time: Nanoseconds, utc: String?, blind: [Int], _ rules: [WatchedRule], _ log: FindingLog?
    ) -> String {
        let why = blind.flatMap { rule in
            (log?.blindness(of: rule) ?? []).map { reason in
                JSON.object([
                    ("rule", JSON.string(rules[rule].name)), ("of", reason.name.map { JSON.string($0) }),
                    ("why", JSON.string(SurveyText.word(reason.why))), ("time_ns", reason.time.map { "\($0.count)" }),
                ])
            }
        }
        let sight = log?.sight
        return JSON.object([
            ("survey_ns", "\(time.count)"), ("seen", "\(rules.count - blind.count)"),
            ("blind", names(blind.map { rules[$0].name })), ("why", JSON.array(why)),
            ("values_seen", sight.map { "\($0.known)" }), ("values", sight.map { "\($0.of)" }),
            ("utc", utc.map { JSON.string($0) }),
        ])
    }

    /// - Parameters:
    ///   - end: up to when, since the start, records came.
    ///   - late: records that came too late to count.
    static func summary(_ log: FindingLog, _ incidents: IncidentLog?, end: Nanoseconds, late: Int) -> String {
        let proven = Dictionary(log.proven.map { ($0.rule, $0.last) }) { first, _ in first }
        let rules = zip(log.rules, log.tallies).enumerated().map { number, entry in
            let (rule, tally) = entry
            return JSON.object([
                ("rule", JSON.string(rule.name)), ("broken", "\(tally.broken)"), ("excused", "\(tally.excused)"),
                ("blind", "\(tally.blind)"),
                ("was_known", "\(tally.wasKnown)"), ("holds", tally.holds.map { "\($0)" } ?? "null"),
                (
                    "pending_from_ns",
                    rule.formula.horizon > .zero ? "\(max(.zero, end - rule.formula.horizon).count)" : nil
                ),
                ("unproven", rule.proof.map { _ in "\(tally.unproven)" }),
                ("proven_ns", proven[number].map { last in last.map { "\($0.count)" } ?? "null" }),
            ])
        }
        return JSON.object([
            ("end_ns", "\(end.count)"), ("findings", "\(log.count)"),
            ("incidents", incidents.map { "\($0.count)" }), ("reopened", incidents.map { "\($0.reopenings)" }),
            ("open", incidents.map { "\($0.open.count)" }), ("late_records", "\(late)"),
            ("rules", JSON.array(rules)),
        ])
    }

    private static func names(_ names: [String]) -> String { JSON.array(names.map { JSON.string($0) }) }
}
