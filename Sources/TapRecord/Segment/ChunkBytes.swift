/// A chunk as the bytes of MCAP, but for its place.
struct ChunkBytes: Sendable {
    /// Chunk record and Message Index records.
    private(set) var bytes: [UInt8]
    private(set) var place: ChunkPlace

    /// A message in it.
    struct Message {
        var channel: UInt16
        var sequence: UInt32
        var logTime: UInt64
        var data: [UInt8]
    }

    init(_ messages: [Message]) {
        let before: Int = MCAP.recordHeader + MCAP.chunkFields
        let each: Int = MCAP.recordHeader + MCAP.messageFields
        let size = messages.reduce(0) { $0 + each + $1.data.count }
        let first = messages.map(\.logTime).min() ?? 0
        let last = messages.map(\.logTime).max() ?? 0
        bytes = []
        bytes.reserveCapacity(before + size + 64 * 4)
        bytes.append(contentsOf: MCAP.recordHeader(.chunk, UInt64(before - MCAP.recordHeader + size)))
        bytes.append(little: first)
        bytes.append(little: last)
        bytes.append(little: UInt64(size))
        bytes.append(little: UInt32(0))
        bytes.append(little: UInt32(0))
        bytes.append(little: UInt64(size))
        var index: [UInt16: [(time: UInt64, offset: UInt64)]] = [:]
        for message in messages {
            index[message.channel, default: []].append((message.logTime, UInt64(bytes.count - before)))
            bytes.append(contentsOf: MCAP.recordHeader(.message, UInt64(each - MCAP.recordHeader + message.data.count)))
            bytes.append(little: message.channel)
            bytes.append(little: message.sequence)
            bytes.append(little: message.logTime)
            bytes.append(little: message.logTime)
            bytes.append(contentsOf: message.data)
        }
        place = ChunkPlace(
            offset: 0, recordLength: UInt64(bytes.count), length: 0, firstTime: first, lastTime: last, indexes: [],
            indexLength: 0)
        for channel in index.keys.sorted() {
            place.indexes.append(ChunkPlace.Index(channel: channel, offset: UInt64(bytes.count)))
            place.messages[channel] = UInt64(index[channel]!.count)
            bytes.append(contentsOf: MCAP.messageIndex(channel, index[channel]!))
        }
        place.indexLength = UInt64(bytes.count) - place.recordLength
        place.length = UInt64(bytes.count)
    }

    /// Gives it its place in the file, and padding if the next record's header would straddle two sectors.
    mutating func put(at offset: UInt64) {
        place.offset = offset
        for index in place.indexes.indices { place.indexes[index].offset += offset }
        let next = (offset + UInt64(bytes.count)) % 512
        guard next > 503 else { return }
        // Its nine bytes lie on both sides, and nothing is written into them later.
        bytes.append(contentsOf: MCAP.recordHeader(.padding, 0))
        place.length = UInt64(bytes.count)
    }
}
