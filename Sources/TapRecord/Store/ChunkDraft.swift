/// A chunk that has no place yet.
struct ChunkDraft: Sendable {
    /// All but segment, offset, length and digest.
    var entry: ChunkEntry
    var chunk: ChunkBytes

    /// What it takes in memory, roughly.
    var byteCount: Int { 256 + chunk.messageBytes }
}
