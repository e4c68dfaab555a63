import TapCore

/// The medium took nothing for a while, and then it did again.
struct OutageEntry: Sendable, Hashable {
    var session: UInt64 = 0
    /// The first error.
    var why = ""
    /// It had no room.
    var isFull = false
    var from = Timestamp.zero
    var to = Timestamp.zero
    /// By the machine's clock.
    var utcFrom: UInt64 = 0
    var utcTo: UInt64 = 0
}

extension OutageEntry: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, session)
        writer.string(2, why)
        writer.bool(3, isFull)
        writer.uint64(4, from.nanoseconds)
        writer.uint64(5, to.nanoseconds)
        writer.uint64(6, utcFrom)
        writer.uint64(7, utcTo)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: session = try reader.uint64()
            case 2: why = try reader.string()
            case 3: isFull = try reader.bool()
            case 4: from = try reader.timestamp()
            case 5: to = try reader.timestamp()
            case 6: utcFrom = try reader.uint64()
            case 7: utcTo = try reader.uint64()
            default: try reader.skip()
            }
        }
    }
}
