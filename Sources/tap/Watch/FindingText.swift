import TapConfig
import TapCore
import TapFormats
import TapWatch

/// Findings for people.
enum FindingText {
    /// - Parameter time: when it was known, or over.
    static func line(_ finding: Finding, _ rule: WatchedRule, at time: String, isOutlasted: Bool = false) -> String {
        let state =
            switch (finding.kind, finding.cleared) {
            case (.broken, nil) where finding.isExcused: finding.work?.handling.rawValue ?? "notice"
            case (.broken, nil): rule.severity == .high ? "BROKEN" : "broken"
            case (.blind, nil): "blind"
            case (.unproven, nil): "unproven"
            case (_, .some): "over"
            }
        let about = rule.assets.map { printable($0.title) }.joined(separator: ", ")
        let head =
            "\(time)  \(state.padded(to: 6))  #\(finding.number) \(rule.name)\(about.isEmpty ? "" : "  [\(about)]")"
        if let cleared = finding.cleared {
            let words =
                switch finding.kind {
                case .broken: "after"
                case .blind: "it can be seen again, after"
                case .unproven: "it is proven, after"
                }
            return "\(head)  \(words) \(Words.span(cleared - finding.began))"
        }
        switch finding.kind {
        case .broken: break
        case .blind:
            return "\(head)  nothing has been known of it for \(Words.span(finding.known - finding.began))"
        case .unproven: return "\(head)  \(proof(finding.proven, at: finding.known))"
        }
        let rests = rule.claims.isEmpty ? "" : "  (rests on claims: \(rule.claims.joined(separator: ", ")))"
        let proven = rule.proof == nil ? "" : "  (\(proof(finding.proven, at: finding.known)))"
        let marks = [
            rests, proven, finding.work.map { mark($0) } ?? "", finding.shelved == nil ? "" : "  (shelved)",
            isOutlasted ? "  (nothing excuses it any more)" : "",
        ]
        let values = finding.values.isEmpty ? "" : "  \(list(finding.values))."
        return "\(head)  \(printable(rule.sentence, longest: 1_000))\(values)\(marks.joined())"
    }

    private static func list(_ values: [FindingValue]) -> String {
        printable(values.map(\.description).joined(separator: ", "), longest: 1_000)
    }

    private static func mark(_ work: Finding.Work) -> String {
        work.isPermitted
            ? "  (excused by \(work.name))" : "  (\(work.name) would excuse it, but it has no permit)"
    }

    /// When a rule was last seen to hold where it matters.
    static func proof(_ last: Nanoseconds?, at now: Nanoseconds) -> String {
        last.map { $0 >= now ? "seen to work now" : "last seen to work \(Words.span(now - $0)) ago" }
            ?? "not seen to work since the watch began"
    }

    static func late(_ note: LateNote, at time: String) -> String {
        let many = note.count == 1 ? "a record" : "\(note.count) records, the last one"
        let behind = note.behind > .zero ? ", \(Words.span(note.behind)) behind its newest" : ""
        return
            "\(time)  note    \(many) of this time came late from \(printable(note.name))\(behind): verdicts on it stand"
    }

    static func asked(_ request: WatchRequest, by author: String, at time: String) -> String {
        let span =
            switch request.verb {
            case .approve: "as \(printable(request.value))"
            case .trust: "again"
            case .permit, .shelve: request.time == .zero ? "no longer" : "for \(DurationText.exact(request.time))"
            }
        let reason = request.reason.isEmpty ? "" : ": \(printable(request.reason, longest: 200))"
        return
            "\(time)  \(request.verb.rawValue.padded(to: 6))  \(printable(request.subject)) \(span), by \(printable(author))\(reason)"
    }
}
