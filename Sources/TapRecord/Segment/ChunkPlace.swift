/// Where a chunk lies in its segment, and what its readers want to know of it.
struct ChunkPlace: Sendable, Hashable {
    /// Of its first byte in the file.
    var offset: UInt64
    /// Of the Chunk record, its header included.
    var recordLength: UInt64
    /// With Message Index records and padding.
    var length: UInt64
    /// log_time of its first and last message.
    var firstTime: UInt64
    var lastTime: UInt64
    /// Offsets in the file of the Message Index records, by channel.
    var indexes: [Index]
    /// Bytes of those.
    var indexLength: UInt64
    /// Messages by channel.
    var messages: [UInt16: UInt64] = [:]

    struct Index: Sendable, Hashable {
        var channel: UInt16
        var offset: UInt64
    }
}
