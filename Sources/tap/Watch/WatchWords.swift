import TapConfig
import TapCore
import TapFormats
import TapSession
import TapWatch

/// What a watch says of itself.
enum WatchWords {
    /// - Parameter unmatched: what rules ask for and nothing in the session is.
    static func start(
        _ site: WatchedSite, _ header: SessionHeader, _ unmatched: [String], _ permits: [PermitArgument]
    ) -> [String] {
        let all = site.rules.count + site.unwatched.count
        var text = [
            "watching \(printable(site.title)) on \(header.wires), \(header.provenance.rawValue): "
                + "\(site.rules.count) of \(counted(all, "rule"))"
        ]
        text += permits.map { "permitted from the start on: \(printable($0.text, longest: 200))" }
        if !site.leftOut.isEmpty {
            text.append("as if nobody tapped \(site.leftOut.sorted().map { printable($0) }.joined(separator: ", "))")
        }
        if !site.unwatched.isEmpty {
            text.append("not watched yet: \(site.unwatched.map { printable($0) }.joined(separator: ", "))")
        }
        if !unmatched.isEmpty {
            text.append("not captured here, so unknown: \(unmatched.map { printable($0) }.joined(separator: ", "))")
        }
        return text
    }

    /// - Parameters:
    ///   - end: up to when, since the start, records came.
    ///   - late: records that came too late to count.
    static func summary(
        _ site: WatchedSite, _ log: FindingLog, _ result: SessionResult, end: Nanoseconds, late: Int
    ) -> [String] {
        var text = ["watched \(Words.span(end)): \(counted(log.count, "finding"))"]
        let broken = zip(log.rules, log.tallies).filter { $0.1.broken > 0 }.map { rule, tally in
            "\(rule.name) \(times(tally.broken))\(tally.isBroken ? ", still so" : "")"
        }
        if !broken.isEmpty { text.append("broken: \(broken.joined(separator: "; "))") }
        let excused = zip(log.rules, log.tallies).filter { $0.1.excused > 0 }.map { rule, tally in
            "\(rule.name) \(times(tally.excused))"
        }
        if !excused.isEmpty { text.append("excused: \(excused.joined(separator: "; "))") }
        let blind = zip(log.rules, log.tallies).filter { $0.1.blind > 0 }.map { rule, tally in
            "\(rule.name) \(times(tally.blind))\(tally.isBlind ? ", still so" : "")"
        }
        if !blind.isEmpty { text.append("blind: \(blind.joined(separator: "; "))") }
        text += log.proven.map { proof in
            "\(log.rules[proof.rule].name): \(FindingText.proof(proof.last, at: end))"
        }
        let never = zip(log.rules, log.tallies).filter { !$0.1.wasKnown }.map { $0.0.name }
        if !never.isEmpty { text.append("never known: \(never.joined(separator: ", "))") }
        let known = log.tallies.count { $0.holds != nil }
        text.append("known at the end: \(known) of \(counted(log.rules.count, "rule"))")
        let pending = log.rules.filter { $0.formula.horizon > .zero }
        if !pending.isEmpty {
            text.append(
                "not decided: "
                    + pending.map { "\($0.name), for the last \(Words.span($0.formula.horizon))" }.joined(
                        separator: "; "))
        }
        if late > 0 { text.append("\(counted(late, "record")) came too late and changed no verdict") }
        let losses = result.consumers.compactMap(\.statistics).reduce(0) { $0 + $1.losses.count }
        if losses > 0 {
            text.append("losses were recorded, after each of which what was lost is unknown until the next record")
        }
        if !site.unwatched.isEmpty {
            text.append("not watched yet: \(counted(site.unwatched.count, "rule")), named at the start")
        }
        return text
    }

    /// What people asked for before the start and what the site file does not have any more.
    static func forgotten(_ asked: [String]) -> [String] {
        asked.map { "\(printable($0)) was asked for before, and is over: the site file does not have it any more" }
    }

    static func incidents(_ log: IncidentLog) -> String {
        let open = log.open.map { "\($0.number)" }
        let state = open.isEmpty ? "" : ", open: \(open.joined(separator: ", "))"
        let again = log.reopenings == 0 ? "" : ", reopened \(times(log.reopenings))"
        let apart = [
            log.excused > 0 ? "\(counted(log.excused, "finding")) excused" : nil,
            log.unproven > 0 ? "\(counted(log.unproven, "rule")) unproven" : nil,
        ].compactMap { $0 }
        return counted(log.count, "incident") + state + again
            + (apart.isEmpty ? "" : "; of none: \(apart.joined(separator: ", "))")
    }

    /// Counters whose offset was taken more than once: what they said in between is not judged.
    static func anew(_ renewals: [(tag: TagName, count: Int)]) -> [String] {
        renewals.map { "\($0.tag): what it began with was taken anew \(times($0.count)), after a loss or a restart" }
    }

    private static func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }
}
