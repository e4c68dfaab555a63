import TapCore

/// Consecutive records of one source, as one message of a chunk.
struct SpanMessage: Sendable, Hashable {
    enum Kind: Sendable, Hashable, CaseIterable {
        case edges
        case events
        case scans
    }

    var kind: Kind
    /// Of its first record, watermark or end, in the clock of the source.
    var firstTime: Timestamp
    /// Where Edges, Events or Scans of record.proto lie in the bytes of the chunk.
    var place: Range<Int>
}
