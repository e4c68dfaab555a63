public import TapCore

/// The gateway's clocks as a store asks for them: monotonic time paces epochs and checkpoints, UTC is noted in entries and
/// decides nothing.
public struct StoreClock: Sendable {
    public struct Reading: Sendable, Hashable {
        public var monotonic: Timestamp
        /// Nanoseconds since 1970-01-01T00:00:00Z by the machine's clock; 0: there is no date.
        public var utcNanoseconds: UInt64

        public init(monotonic: Timestamp, utcNanoseconds: UInt64) {
            self.monotonic = monotonic
            self.utcNanoseconds = utcNanoseconds
        }
    }

    public let read: @Sendable () -> Reading

    public init(_ read: @escaping @Sendable () -> Reading) { self.read = read }
}
