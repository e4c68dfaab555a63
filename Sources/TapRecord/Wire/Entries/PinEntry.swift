/// Segments with records of a span of UTC are not dropped.
struct PinEntry: Sendable, Hashable {
    /// From 1 on.
    var number: UInt64 = 0
    /// Half open, nanoseconds since 1970.
    var utcFrom: UInt64 = 0
    var utcTo: UInt64 = 0
    var why = ""
    var author = ""
    /// When it was entered, by the machine's clock.
    var utc_ns: UInt64 = 0
    /// Of the request, so that it is entered once.
    var id: [UInt8] = []
}

extension PinEntry: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, number)
        writer.uint64(2, utcFrom)
        writer.uint64(3, utcTo)
        writer.string(4, why)
        writer.string(5, author)
        writer.uint64(6, utc_ns)
        writer.bytes(7, id)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: number = try reader.uint64()
            case 2: utcFrom = try reader.uint64()
            case 3: utcTo = try reader.uint64()
            case 4: why = try reader.string()
            case 5: author = try reader.string()
            case 6: utc_ns = try reader.uint64()
            case 7: id = try reader.array()
            default: try reader.skip()
            }
        }
    }
}
