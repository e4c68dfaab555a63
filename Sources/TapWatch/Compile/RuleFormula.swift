public import TapConfig

/// A rule, or a tag that is compared, as temporal logic: it is broken at each instant at which the formula is false.
public struct RuleFormula: Sendable, Hashable {
    /// As in `SiteMeaning`.
    public var name: String
    public var formula: Formula
    /// What each atom of the formula asks, by its text.
    public var atoms: [String: RuleAtom]
}

/// What is asked of the records where a formula has an atom.
public enum RuleAtom: Sendable, Hashable {
    /// A line, a tag, a comparison, or what else has no parts that hold at one instant.
    case condition(Condition)
    /// The level of the line, unknown while it is not steady: a claim of it may be earlier than what has settled.
    case level(line: String)
    /// The line rises at this instant.
    case rises(line: String)
    /// The tag is claimed at this instant.
    case said(TagName)
    /// The last claim of this tag is one that the wires, or what is approved, allow over the lateness that claims may have.
    case agreement(TagName)
    /// Both sides of this balance may agree.
    case balance(rule: String)
    /// The claims of this tag are not later than it may be, by estimate.
    case punctuality(TagName)
    /// The last reports of this source are those of an earlier time.
    case repetition(of: String)
    /// This source makes more claims than it may.
    case flood(of: String)
    /// Somebody writes to what this source reads, at this instant, what nobody may write.
    case written(to: String)
    /// This channel is not trusted, because it made a step that is too fast and did not come back.
    case distrust(of: String)
    /// A person permits this work.
    case permit(String)
}
