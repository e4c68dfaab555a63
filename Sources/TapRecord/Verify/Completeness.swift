public import TapCore

/// What a store can say of one line between two times.
public struct Completeness: Sendable {
    public enum Answer: Sendable, Hashable {
        /// No edge was detected.
        case silent
        /// So many were.
        case edges(UInt64, first: Timestamp, last: Timestamp)
        /// It cannot be said.
        case unknown
    }

    public var answer: Answer = .unknown
    /// Why it cannot be said, each in a sentence; empty where it can.
    public var reasons: [String] = []
    public var line: String
    /// Of the span, in the source's clock, widened by what the clocks are uncertain by; more than one where a step of the
    /// clock makes it ambiguous.
    public var spans: [(from: Timestamp, to: Timestamp)] = []
    public var session: UInt64 = 0
    public var source = ""
    public var provenance = ""
    /// nil: not known, or it changed.
    public var isHigh: Bool?
    /// Readings of the level that agreed, in the span and up to the one that ended it.
    public var readings: UInt64 = 0
    /// The longest from one reading to the next.
    public var longestDistance = Nanoseconds.zero
    public var shortestPulse: Nanoseconds?
    public var checkpoint: Checkpoint?
}
