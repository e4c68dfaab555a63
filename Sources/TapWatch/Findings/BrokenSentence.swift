import TapConfig
import TapCore

/// What is the case where a rule is broken, in the words of the site: what each wire carries and what is said.
struct BrokenSentence {
    let site: Site

    init(_ site: Site) { self.site = site }

    func text(of rule: SiteRule) -> String {
        switch rule.body {
        case .response(let when, let then, let within, bothWays: false, _):
            lasting(within, "\(text(when, true)), and \(text(then, false))")
        case .response(let when, let then, let within, bothWays: true, _):
            lasting(within, "only one of two: \(text(when, true)); \(text(then, true))")
        case .never(let condition, let time): lasting(time, text(condition, true))
        case .always(let condition, let time): lasting(time, text(condition, false))
        case .count(let condition, let limits):
            "More often than "
                + limits.map { "\($0.count) times in \(DurationText.exact($0.span))" }.joined(separator: " or ")
                + ": \(text(condition, true))."
        case .formula(let condition): "Not so: \(condition.text)."
        case .balance(let first, let second, _, _, let over):
            "Over \(DurationText.exact(over)), \(first.text) and \(second.text) differ by more than they may."
        case .bound(let first, let limit, _, let over):
            "Over \(DurationText.exact(over)), \(first.text) exceeds \(limit.text) by more than it may."
        case .start(let lines, _, let needs, let turns): start(lines, needs, turns)
        }
    }

    private func start(_ lines: [String], _ needs: Condition?, _ turns: [Condition]) -> String {
        let need = needs.map { "without \($0.text)" }
        let reasons = [need, turns.isEmpty ? nil : "out of turn"].compactMap { $0 }
        return "\(lines.joined(separator: " or ")) began \(reasons.joined(separator: " or "))."
    }

    private func lasting(_ time: Nanoseconds, _ what: String) -> String {
        time > .zero
            ? "For \(DurationText.exact(time)): \(what)." : what.prefix(1).uppercased() + what.dropFirst() + "."
    }

    /// - Parameter isTrue: whether it holds or does not.
    private func text(_ condition: Condition, _ isTrue: Bool) -> String {
        switch condition {
        case .not(let inner): text(inner, !isTrue)
        case .line(let name): line(name, isTrue)
        case .tag(let name): "\(speaker(name.source)) says \(isTrue ? "" : "no ")\(name.tag)"
        case .all(let parts): joined(parts, isTrue, isTrue ? "and" : "or")
        case .any(let parts): joined(parts, isTrue, isTrue ? "or" : "and")
        case .holds(let inner, let time) where isTrue: "\(text(inner, true)) for \(DurationText.exact(time))"
        case .compare(let left, let relation, let right) where !isTrue:
            text(.compare(left, BrokenSentence.opposite(relation), right), true)
        default: isTrue ? condition.text : Condition.not(condition).text
        }
    }

    private static func opposite(_ relation: Relation) -> Relation {
        switch relation {
        case .less: .atLeast
        case .atMost: .greater
        case .greater: .atMost
        case .atLeast: .less
        }
    }

    private func joined(_ parts: [Condition], _ isTrue: Bool, _ word: String) -> String {
        parts.map { part in
            let text = text(part, isTrue)
            return text.contains(" and ") || text.contains(" or ") ? "(\(text))" : text
        }.joined(separator: " \(word) ")
    }

    private func line(_ name: String, _ isTrue: Bool) -> String {
        let meaning = site.signals.first { $0.name == name }?.high ?? ""
        let level = "\(name) is \(isTrue ? "high" : "low")"
        return meaning.isEmpty ? level : "\(level) (\(isTrue ? "" : "not: ")\(meaning))"
    }

    /// Who says it, as people call them.
    func speaker(_ source: String) -> String { site.assets.first { $0.name == source }?.title ?? source }
}
