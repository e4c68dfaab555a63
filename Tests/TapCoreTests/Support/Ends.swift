public import TapCore

/// Both ends of a new ring.
///
/// The compiler of Swift 6.2.3 crashes where an imported `RingEnds` is taken apart, unless it is imported publicly: so
/// that is done here only.
public struct Ends: ~Copyable {
    public var producer: RingProducer
    public var consumer: RingConsumer

    public init(capacity: Int) {
        let ends = Ring.make(capacity: capacity)
        producer = ends.producer
        consumer = ends.consumer
    }
}
