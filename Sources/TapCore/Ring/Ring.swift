/// A bounded queue of 16-byte cells between exactly one producing and one consuming thread.
///
/// No allocation and no lock after birth; neither end ever waits for the other. It does *not* block, does not wake
/// anyone, does not overwrite: a full ring refuses the newest, and the producer says so. Both ends are move-only,
/// so that there is one of each is checked by the compiler; either may be handed to another thread.
///
/// ```swift
/// var ring = Ring.make(capacity: 1_024)
/// let hadRoom = ring.producer.push(Cell(1, 2))  // false: the ring was full
/// let cell = ring.consumer.pop()  // nil: the ring was empty
/// ```
public enum Ring {
    /// Of a source's ring unless another is asked for: a mebibyte.
    public static let usualCapacity = 1 << 16

    /// Makes both ends of a new ring.
    ///
    /// - Parameter capacity: in cells of 16 bytes; a power of two from 2 to 2^30, anything else traps.
    public static func make(capacity: Int) -> RingEnds {
        let storage = RingStorage(capacity: capacity)
        return RingEnds(producer: RingProducer(storage), consumer: RingConsumer(storage))
    }
}

/// The two ends of a new ring, to be taken apart once.
@frozen
public struct RingEnds: ~Copyable {
    public var producer: RingProducer
    public var consumer: RingConsumer
}
