import Synchronization

/// Whether a feed is still read: set on the consumer's thread, looked at on the source's.
final class FeedGate: Sendable {
    private let closed = Atomic<Bool>(false)

    var isClosed: Bool { closed.load(ordering: .relaxed) }
    func close() { closed.store(true, ordering: .relaxed) }
}
