/// What a proof has of a segment: its head, and the chunks of the proof's entries.
struct ProofSegment: Sendable, Hashable {
    var entry: SegmentEntry
    /// In the order of their entries, and so of their places.
    var chunks: [ChunkEntry] = []

    /// Bytes of its file in a proof: head, chunks, and the end of every MCAP file.
    var length: UInt64 { chunks.reduce(entry.length) { $0 + $1.length } + UInt64(MCAP.ending.count) }

    var path: String { SegmentWriter.path(entry.number) }
}
