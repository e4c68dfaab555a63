public import TapCore

/// A rule that was broken once, or of which nothing could be known for too long.
public struct Finding: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        case broken
        /// A blind spot.
        case blind
    }

    /// From 1 on, in the order in which findings were known.
    public var number: Int
    public var kind: Kind
    /// Its place among the rules that are watched.
    public var rule: Int
    /// Since the session's start: from when on what is wrong has been so, or nothing is known.
    public var began: Nanoseconds
    /// When that had lasted for as long as the rule allows.
    public var known: Nanoseconds
    /// When it was over; nil: it stands.
    public var cleared: Nanoseconds?
}
