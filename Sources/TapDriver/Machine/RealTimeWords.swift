import Synchronization

/// What came of the scheduling that the threads of a session asked for, each outcome once. Safe from any thread.
public final class RealTimeWords: Sendable {
    private let words = Mutex<[RealTimeOutcome]>([])

    /// Nothing said yet.
    public init() {}

    public func add(_ outcomes: [RealTimeOutcome]) {
        words.withLock { words in for word in outcomes where !words.contains(word) { words.append(word) } }
    }

    public var all: [RealTimeOutcome] { words.withLock { $0 } }
}
