/// What the RTU keeps of a change until it is asked: an entry of the sequence of events.
struct StampedChange: Sendable, Hashable {
    var tag: FeederTag
    var count: Int32
    /// By the RTU's clock, since 1970.
    var stamp_ms: UInt64
}
