import TapCore

/// What came of one thing that was asked for.
public struct RealTimeOutcome: Sendable, Hashable, CustomStringConvertible {
    public enum What: String, Sendable, Hashable {
        case priority, affinity, memory
    }

    public var what: What
    public var granted: Bool
    /// For a person, as "SCHED_FIFO 50" or "SCHED_FIFO 50 refused: EPERM; allow it with ...".
    public var word: String

    init(_ what: What, granted: Bool, _ word: String) {
        self.what = what
        self.granted = granted
        self.word = word
    }

    public var description: String { word }
}
