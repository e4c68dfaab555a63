import TapCore

/// A chunk as the bytes of MCAP. Its messages are written where they stay; what their headers say is put in once the
/// chunk has a place in a file.
struct ChunkBytes: Sendable {
    private static let before = MCAP.recordHeader + MCAP.chunkFields
    private static let beforeMessage = MCAP.recordHeader + MCAP.messageFields

    /// Chunk record; once it has a place, Message Index records and padding too.
    private var writer = ProtoWriter()
    private(set) var messages: [SpanMessage] = []

    /// What the file says of a message.
    struct Label {
        var channel: UInt16
        var sequence: UInt32
        var logTime: UInt64
    }

    /// - Parameter room: for so many bytes at once.
    init(room: Int = 0) { writer.reserve(room) }

    var bytes: [UInt8] { writer.bytes }
    /// Of the messages with their headers.
    var contentCount: Int { max(0, (messages.last?.place.upperBound ?? 0) - ChunkBytes.before) }

    /// Of the messages alone.
    var messageBytes: Int { contentCount - ChunkBytes.beforeMessage * messages.count }

    /// Appends a message.
    ///
    /// - Parameter body: writes it.
    mutating func message(_ kind: SpanMessage.Kind, at time: Timestamp, _ body: (inout ProtoWriter) -> Void) {
        let header = ChunkBytes.beforeMessage + (messages.isEmpty ? ChunkBytes.before : 0)
        writer.bytes.append(contentsOf: repeatElement(0, count: header))
        let start = writer.bytes.count
        body(&writer)
        messages.append(SpanMessage(kind: kind, firstTime: time, place: start..<writer.bytes.count))
    }

    /// Gives it a place in a file: headers, indexes, and padding if the next record's header would straddle two sectors.
    ///
    /// May be called again, for another place.
    mutating func put(at offset: UInt64, _ label: (SpanMessage) -> Label) -> ChunkPlace {
        let labels = messages.map(label)
        let end = ChunkBytes.before + contentCount
        if messages.isEmpty, bytes.isEmpty { writer.bytes = Array(repeating: 0, count: end) }
        writer.bytes.removeLast(bytes.count - end)
        let size = UInt64(contentCount)
        let (first, last) = (labels.map(\.logTime).min() ?? 0, labels.map(\.logTime).max() ?? 0)
        var header = MCAP.recordHeader(.chunk, UInt64(MCAP.chunkFields) + size)
        header.append(little: first)
        header.append(little: last)
        header.append(little: size)
        header.append(little: UInt32(0))
        header.append(little: UInt32(0))
        header.append(little: size)
        overwrite(0, header)
        for (message, label) in zip(messages, labels) { putHeader(of: message, label) }
        var place = ChunkPlace(
            offset: offset, recordLength: UInt64(end), length: 0, firstTime: first, lastTime: last, indexes: [],
            indexLength: 0)
        for channel in Set(labels.map(\.channel)).sorted() {
            let entries = zip(messages, labels).filter { $0.1.channel == channel }.map { message, label in
                (label.logTime, UInt64(message.place.lowerBound - ChunkBytes.beforeMessage - ChunkBytes.before))
            }
            place.indexes.append(ChunkPlace.Index(channel: channel, offset: offset + UInt64(bytes.count)))
            place.messages[channel] = UInt64(entries.count)
            writer.bytes.append(contentsOf: MCAP.messageIndex(channel, entries))
        }
        place.indexLength = UInt64(bytes.count - end)
        // The nine bytes of the next header would lie on both sides, and nothing is written into these later.
        if (offset + UInt64(bytes.count)) % 512 > 503 {
            writer.bytes.append(contentsOf: MCAP.recordHeader(.padding, 0))
        }
        place.length = UInt64(bytes.count)
        return place
    }

    private mutating func putHeader(of message: SpanMessage, _ label: Label) {
        var header = MCAP.recordHeader(.message, UInt64(MCAP.messageFields + message.place.count))
        header.append(little: label.channel)
        header.append(little: label.sequence)
        header.append(little: label.logTime)
        header.append(little: label.logTime)
        overwrite(message.place.lowerBound - header.count, header)
    }

    private mutating func overwrite(_ offset: Int, _ new: [UInt8]) {
        for (index, byte) in new.enumerated() { writer.bytes[offset + index] = byte }
    }

    /// Writes it and the header of the free space behind it.
    ///
    /// - Parameter isHidden: its first nine bytes stay for now what they are in the file: the header of free space.
    mutating func write(
        to file: any DiskFile, at offset: UInt64, of size: UInt64, isHidden: Bool
    ) throws(DiskError) {
        let header = Array(bytes.prefix(MCAP.recordHeader))
        let behind = SegmentWriter.freeSpace(from: offset + UInt64(bytes.count), of: size)
        if isHidden { overwrite(0, SegmentWriter.freeSpace(from: offset, of: size)) }
        writer.bytes.append(contentsOf: behind)
        try file.write(bytes, at: offset)
        writer.bytes.removeLast(behind.count)
        overwrite(0, header)
    }
}
