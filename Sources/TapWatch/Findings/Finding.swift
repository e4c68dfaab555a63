public import TapConfig
public import TapCore

/// A rule that was broken once, of which nothing could be known for too long, or that was not put to the proof for too long.
public struct Finding: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        case broken
        /// A blind spot.
        case blind
        /// Nothing put the rule to the proof for longer than it allows.
        case unproven
    }

    /// From 1 on, in the order in which findings were known.
    public var number: Int
    public var kind: Kind
    /// What people were doing when it was known.
    public struct Work: Sendable, Hashable {
        public var name: String
        /// False: it needs a permit, and nobody gave one.
        public var isPermitted: Bool
        /// What becomes of what it excuses.
        public var handling: SiteWork.Handling
    }

    /// Its place among the rules that are watched.
    public var rule: Int
    /// Since the session's start: from when on what is wrong has been so, or nothing is known.
    public var began: Nanoseconds
    /// When that had lasted for as long as the rule allows.
    public var known: Nanoseconds
    /// When it was over; nil: it stands.
    public var cleared: Nanoseconds?
    /// Until when its rule was last seen to hold where it matters; nil: not seen, or the rule does not say how often it must be.
    public var proven: Nanoseconds?
    /// The work that excuses it, or would with a permit; nil: none does.
    public var work: Work?

    /// What its rule rests on was this when it was known; only of a rule that is broken.
    public var values: [FindingValue] = []

    /// Until when somebody has shelved its rule; nil: nobody has.
    public var shelved: Nanoseconds?

    /// It is marked and no more.
    public var isExcused: Bool { work?.isPermitted == true || shelved != nil }
}
