/// What a chunk says of one line, without being read.
struct LineFacts: Sendable, Hashable {
    /// Number in the session.
    var line: UInt32 = 0
    var edges: UInt64 = 0
    /// At the begin and at the end of the span: 0 unknown, 1 low, 2 high.
    var firstLevel: UInt32 = 0
    var lastLevel: UInt32 = 0
    /// Readings of the level.
    var agreed: UInt64 = 0
    var failed: UInt64 = 0
    /// Nanoseconds in the clock of the source, as all times here. nil: there was none.
    var firstReading: UInt64?
    var lastReading: UInt64?
    /// Between the begins of consecutive readings in the span.
    var longestDistance: UInt64 = 0
    /// Bit k: a gap of kind k.
    var losses: UInt32 = 0
    /// Known number.
    var lost: UInt64 = 0
    /// Edges that are stamped before the span.
    var late: UInt64 = 0
}

extension LineFacts: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint32(1, line)
        writer.uint64(2, edges)
        writer.uint32(3, firstLevel)
        writer.uint32(4, lastLevel)
        writer.uint64(5, agreed)
        writer.uint64(6, failed)
        writer.uint64(7, ifPresent: firstReading)
        writer.uint64(8, ifPresent: lastReading)
        writer.uint64(9, longestDistance)
        writer.uint32(10, losses)
        writer.uint64(11, lost)
        writer.uint64(12, late)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: line = try reader.uint32()
            case 2: edges = try reader.uint64()
            case 3: firstLevel = try reader.uint32()
            case 4: lastLevel = try reader.uint32()
            case 5: agreed = try reader.uint64()
            case 6: failed = try reader.uint64()
            case 7: firstReading = try reader.uint64()
            case 8: lastReading = try reader.uint64()
            case 9: longestDistance = try reader.uint64()
            case 10: losses = try reader.uint32()
            case 11: lost = try reader.uint64()
            case 12: late = try reader.uint64()
            default: try reader.skip()
            }
        }
    }
}
