/// A pin goes: what it held may be dropped again.
struct UnpinEntry: Sendable, Hashable {
    var number: UInt64 = 0
    var why = ""
    var author = ""
    /// When it was entered, by the machine's clock.
    var utc_ns: UInt64 = 0
    /// Of the request, so that it is entered once.
    var id: [UInt8] = []
}

extension UnpinEntry: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, number)
        writer.string(2, why)
        writer.string(3, author)
        writer.uint64(4, utc_ns)
        writer.bytes(5, id)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: number = try reader.uint64()
            case 2: why = try reader.string()
            case 3: author = try reader.string()
            case 4: utc_ns = try reader.uint64()
            case 5: id = try reader.array()
            default: try reader.skip()
            }
        }
    }
}
