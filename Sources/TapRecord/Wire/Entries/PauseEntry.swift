import TapCore

/// An operator has recording paused, or a pause ended.
struct PauseEntry: Sendable, Hashable {
    var ends = false
    var why = ""
    var author = ""
    /// When it was asked for, by the machine's clock.
    var utc_ns: UInt64 = 0
    /// Of the request, so that it is entered once.
    var id: [UInt8] = []
    /// When it was entered.
    var monotonic = Timestamp.zero
}

extension PauseEntry: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.bool(1, ends)
        writer.string(2, why)
        writer.string(3, author)
        writer.uint64(4, utc_ns)
        writer.bytes(5, id)
        writer.uint64(6, monotonic.nanoseconds)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: ends = try reader.bool()
            case 2: why = try reader.string()
            case 3: author = try reader.string()
            case 4: utc_ns = try reader.uint64()
            case 5: id = try reader.array()
            case 6: monotonic = try reader.timestamp()
            default: try reader.skip()
            }
        }
    }
}
