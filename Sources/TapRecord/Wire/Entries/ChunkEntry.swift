import TapCore

/// The records of one source in one span of its time.
struct ChunkEntry: Sendable, Hashable {
    var segment: UInt64 = 0
    /// Of its first byte in the file.
    var offset: UInt64 = 0
    var length: UInt64 = 0
    /// Of those bytes.
    var sha256: [UInt8] = []
    var source: UInt32 = 0
    /// The span is half open, between two watermarks, in the clock of the source.
    var from = Timestamp.zero
    var to = Timestamp.zero
    var edges: UInt64 = 0
    var scans: UInt64 = 0
    var events: UInt64 = 0
    /// nil: it holds no record.
    var earliestRecord: Timestamp?
    var latestRecord: Timestamp?
    /// The earliest begin of a span that a gap in it speaks of.
    var earliestGap: Timestamp?
    /// Of every line of the source.
    var lines: [LineFacts] = []
    /// Of those with scans or a loss.
    var devices: [DeviceFacts] = []
    /// Of those with claims or a loss.
    var tags: [TagFacts] = []
    /// All in it.
    var clockFixes: [ClockFix] = []
    var notesLost: UInt64 = 0
    var session: UInt64 = 0
}

extension ChunkEntry: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, segment)
        writer.uint64(2, offset)
        writer.uint64(3, length)
        writer.bytes(4, sha256)
        writer.uint32(5, source)
        writer.uint64(6, from.nanoseconds)
        writer.uint64(7, to.nanoseconds)
        writer.uint64(8, edges)
        writer.uint64(9, scans)
        writer.uint64(10, events)
        writer.uint64(11, ifPresent: earliestRecord?.nanoseconds)
        writer.uint64(12, ifPresent: earliestGap?.nanoseconds)
        writer.messages(13, lines)
        writer.messages(14, devices)
        writer.messages(15, tags)
        writer.messages(16, clockFixes)
        writer.uint64(17, notesLost)
        writer.uint64(18, session)
        writer.uint64(19, ifPresent: latestRecord?.nanoseconds)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: segment = try reader.uint64()
            case 2: offset = try reader.uint64()
            case 3: length = try reader.uint64()
            case 4: sha256 = try reader.array()
            case 5: source = try reader.uint32()
            case 6: from = try reader.timestamp()
            case 7: to = try reader.timestamp()
            case 8: edges = try reader.uint64()
            case 9: scans = try reader.uint64()
            case 10: events = try reader.uint64()
            case 11: earliestRecord = try reader.timestamp()
            case 12: earliestGap = try reader.timestamp()
            case 13: lines.append(try reader.message())
            case 14: devices.append(try reader.message())
            case 15: tags.append(try reader.message())
            case 16: clockFixes.append(try reader.message())
            case 17: notesLost = try reader.uint64()
            case 18: session = try reader.uint64()
            case 19: latestRecord = try reader.timestamp()
            default: try reader.skip()
            }
        }
    }
}
