import TapCore
import TapFormats
import TapWatch

/// What a watch can see some minutes after its start, and what not, with the reason.
enum SurveyText {
    /// - Parameter people: a time since the session's start, as people read it.
    static func lines(
        _ blind: [Int], _ rules: [WatchedRule], _ log: FindingLog?, at time: Nanoseconds,
        _ people: (Nanoseconds) -> String
    ) -> [String] {
        let names = blind.map { rules[$0].name }
        let unknown = names.isEmpty ? "" : "; unknown: \(names.joined(separator: ", "))"
        let sight = log.map { ", \($0.sight.known) of \($0.sight.of) signals and tags" } ?? ""
        let head = "\(people(time))  known   \(rules.count - blind.count) of \(counted(rules.count, "rule"))"
        return ["\(head)\(sight)\(unknown)"] + reasons(blind, rules, log, people)
    }

    /// One line for each reason, with the rules that have it.
    private static func reasons(
        _ blind: [Int], _ rules: [WatchedRule], _ log: FindingLog?, _ people: (Nanoseconds) -> String
    ) -> [String] {
        var order: [BlindReason] = []
        var having: [BlindReason: [String]] = [:]
        for rule in blind {
            for reason in log?.blindness(of: rule) ?? [] {
                if having[reason] == nil { order.append(reason) }
                having[reason, default: []].append(rules[rule].name)
            }
        }
        return order.map { reason in
            "  \(text(reason, people)): \((having[reason] ?? []).joined(separator: ", "))"
        }
    }

    private static func text(_ reason: BlindReason, _ people: (Nanoseconds) -> String) -> String {
        let name = printable(reason.name ?? "")
        let since = reason.time.map(people) ?? "the start"
        switch reason.why {
        case .notCaptured: return "\(name) is not captured here"
        case .nothingYet: return "nothing has come of \(name) yet"
        case .lost: return "\(name) has been unknown since a loss at \(since)"
        case .unknownSince:
            return "\(name) has been unknown since \(since): nothing came, or what is bad or not trusted"
        case .neverUnderstood: return "what is said of \(name) could not be judged yet"
        case .lookingBack: return "looks back \(DurationText.exact(reason.time ?? .zero)), further than this watch"
        case .undecided:
            return "all that it reads is known, but its case has not occurred, or a value is too close to a limit"
        }
    }

    static func word(_ why: BlindReason.Why) -> String {
        switch why {
        case .notCaptured: "not-captured"
        case .nothingYet: "nothing-yet"
        case .lost: "lost"
        case .unknownSince: "unknown-since"
        case .neverUnderstood: "not-understood"
        case .lookingBack: "looks-back"
        case .undecided: "undecided"
        }
    }
}
