import Synchronization

/// One source's records on their way to one consumer: the reading end of a ring.
///
/// Whoever reads it closes it when it takes no more: then nothing is kept for it. Used on one thread at a time.
public final class RecordFeed {
    /// Of the source; complete once that is open.
    public let info: SourceInfo
    /// Whether the source waits for room, so that it is waited for in turn; see `MergeInput`.
    let isPatient: Bool
    private var unread: RingConsumer?
    let gate: FeedGate

    init(_ ring: consuming RingConsumer, of info: SourceInfo, isPatient: Bool, gate: FeedGate = FeedGate()) {
        self.info = info
        self.isPatient = isPatient
        self.gate = gate
        unread = .some(ring)
    }

    /// The ring's reading end: once, otherwise this traps.
    public func takeRing() -> RingConsumer {
        guard let ring = unread.take() else { preconditionFailure("the ring of '\(info.name)' is read already") }
        return ring
    }

    /// The consumer takes no more.
    public func close() { gate.close() }
}
