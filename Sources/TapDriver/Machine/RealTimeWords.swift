import Synchronization

/// What the threads of a session say of their scheduling, each sentence once. Safe from any thread.
public final class RealTimeWords: Sendable {
    private let words = Mutex<[String]>([])

    /// Nothing said yet.
    public init() {}

    public func add(_ outcomes: [RealTimeOutcome]) { add(outcomes.map(\.word)) }

    public func add(_ told: [String]) {
        words.withLock { words in for word in told where !words.contains(word) { words.append(word) } }
    }

    public var all: [String] { words.withLock { $0 } }
}
