/// A chunk that has no place yet.
struct ChunkDraft: Sendable {
    /// All but segment, offset, length and digest.
    var entry: ChunkEntry
    var messages: [SpanMessage]
    /// The source's last.
    var isEnd: Bool

    /// What it takes in memory, roughly.
    var byteCount: Int { messages.reduce(256) { $0 + $1.bytes.count } }
}
