public import TapCore

/// How a store is written.
public struct StoreOptions: Sendable {
    /// Of a segment file at its birth, in bytes.
    public var segmentSize: UInt64 = 16 << 20
    /// How long a key signs at most.
    public var epoch = Nanoseconds.seconds(600)
    /// From one checkpoint to the next.
    public var checkpointEvery = Nanoseconds.seconds(1)
    /// A span that holds records is cut when it is this long, a quiet one when it is `quietSpan`.
    public var busySpan = Nanoseconds.milliseconds(500)
    public var quietSpan = Nanoseconds.seconds(60)
    /// A span whose records take this much is cut at the next watermark, in bytes.
    public var largestSpan = 1 << 20
    /// Segments together, in bytes; nil: as many as there is room for.
    public var keepBytes: UInt64?

    public init() {}
}
