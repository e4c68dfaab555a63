/// What an operator entered while nothing was being recorded.
struct RemarkEntry: Sendable, Hashable {
    var author = ""
    var text = ""
    var utc_ns: UInt64 = 0
}

extension RemarkEntry: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.string(1, author)
        writer.string(2, text)
        writer.uint64(3, utc_ns)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: author = try reader.string()
            case 2: text = try reader.string()
            case 3: utc_ns = try reader.uint64()
            default: try reader.skip()
            }
        }
    }
}
