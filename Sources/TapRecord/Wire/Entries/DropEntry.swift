/// Segments were removed.
struct DropEntry: Sendable, Hashable {
    /// Numbers of segments, the last included.
    var first: UInt64 = 0
    var last: UInt64 = 0
    var bytes: UInt64 = 0
    var why = ""
    var utc_ns: UInt64 = 0
}

extension DropEntry: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, first)
        writer.uint64(2, last)
        writer.uint64(3, bytes)
        writer.string(4, why)
        writer.uint64(5, utc_ns)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: first = try reader.uint64()
            case 2: last = try reader.uint64()
            case 3: bytes = try reader.uint64()
            case 4: why = try reader.string()
            case 5: utc_ns = try reader.uint64()
            default: try reader.skip()
            }
        }
    }
}
