import TapConfig
import TapCore
import TapFormats
import TapWatch

/// Findings for people.
enum FindingText {
    /// - Parameter time: when it was known, or over.
    static func line(_ finding: Finding, _ rule: WatchedRule, at time: String) -> String {
        let state =
            switch (finding.kind, finding.cleared) {
            case (.broken, nil): rule.severity == .high ? "BROKEN" : "broken"
            case (.blind, nil): "blind"
            case (_, .some): "over"
            }
        let about = rule.assets.map { printable($0.title) }.joined(separator: ", ")
        let head =
            "\(time)  \(state.padded(to: 6))  #\(finding.number) \(rule.name)\(about.isEmpty ? "" : "  [\(about)]")"
        if let cleared = finding.cleared {
            let words = finding.kind == .broken ? "after" : "it can be seen again, after"
            return "\(head)  \(words) \(Words.span(cleared - finding.began))"
        }
        guard finding.kind == .broken else {
            return "\(head)  nothing has been known of it for \(Words.span(finding.known - finding.began))"
        }
        let rests = rule.claims.isEmpty ? "" : "  (rests on claims: \(rule.claims.joined(separator: ", ")))"
        return "\(head)  \(printable(rule.sentence, longest: 1_000))\(rests)"
    }

    static func survey(at time: String, seen: Int, of all: Int, blind: [String]) -> String {
        let blindness = blind.isEmpty ? "" : "; unknown: \(blind.joined(separator: ", "))"
        return "\(time)  known   \(seen) of \(counted(all, "rule"))\(blindness)"
    }
}
