public import TapCore

/// Why nothing is known of a rule: one of the signals and tags that it reads, or the rule itself.
public struct BlindReason: Sendable, Hashable {
    public enum Why: Sendable, Hashable {
        /// The session has no such signal, tag or source.
        case notCaptured
        /// No level, scan or claim came yet.
        case nothingYet
        /// Something was lost then, and nothing came since.
        case lost
        /// It was known until then: no scan or claim came for longer than one may be away, or what came is bad or not trusted.
        case unknownSince
        /// It was claimed, but never anything that can be understood; of a clock, or UTC is not known.
        case neverUnderstood
        /// All that the rule reads is known, and it looks back further than the watch reaches.
        case lookingBack
        /// All that the rule reads is known, and what it asks about has not been decided: it did not occur, or a value is within
        /// its accuracy of a limit.
        case undecided
    }

    public var why: Why
    /// The signal, tag or source; nil: the rule itself.
    public var name: String?
    /// Since the session's start, of what says since when; of what looks back, how far.
    public var time: Nanoseconds?

    public init(_ why: Why, of name: String? = nil, time: Nanoseconds? = nil) {
        self.why = why
        self.name = name
        self.time = time
    }
}

extension FindingLog {
    /// Why the rule is unknown, when the survey is made; empty: it is known.
    ///
    /// - Parameter rule: its number.
    public func blindness(of rule: Int) -> [BlindReason] {
        guard let since = states[rule].unknownSince else { return [] }
        let watched = rules[rule]
        let missing = watched.needs.filter { name in
            notCaptured.contains(name) || notCaptured.contains(String(name.prefix { $0 != "." }))
        }
        var reasons = missing.map { BlindReason(.notCaptured, of: $0) }
        reasons += watched.needs.filter { !missing.contains($0) }.compactMap { readings?.blindness(of: $0) }
        guard reasons.isEmpty else { return reasons }
        let back = max(
            states[rule].memory, watched.formula.memory < FormulaWindow.unbounded ? watched.formula.memory : .zero)
        return since == 0 && back > .zero && back > surveyedAt
            ? [BlindReason(.lookingBack, time: back)] : [BlindReason(.undecided)]
    }

    /// How many of the signals and tags that rules read are known, and how many there are.
    public var sight: (known: Int, of: Int) {
        let names = Set(rules.flatMap(\.needs))
        let known = names.filter { readings?.isKnown($0) == true }
        return (known.count, names.count)
    }
}
