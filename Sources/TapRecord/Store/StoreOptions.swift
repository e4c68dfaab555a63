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
    /// Records that are older go, in recorded time; nil: none do.
    public var keepFor: Nanoseconds?
    /// What is left free on the medium where one of the two limits is set, in bytes.
    public var keepFree: UInt64 = 64 << 20
    /// Kept as a file where one of the two limits is set, so that the log can be written anew on a full medium, in bytes:
    /// a bundle of entries of 140 lines.
    public var reserve: UInt64 = 1 << 22
    /// Parts of the bytes by name of the source; 1 where a source has none.
    public var shares: [String: UInt64] = [:]

    /// The oldest segments may go.
    var isLimited: Bool { keepBytes != nil || keepFor != nil }

    /// Of a segment, so that several of each source fit into the limit.
    func segmentSize(sources: Int) -> UInt64 {
        guard let keepBytes else { return segmentSize }
        return min(segmentSize, max(1 << 16, keepBytes / UInt64(8 * max(1, sources))))
    }

    public init() {}
}
