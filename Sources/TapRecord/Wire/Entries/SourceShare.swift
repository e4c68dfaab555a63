/// How much of the bytes that are kept is a source's.
struct SourceShare: Sendable, Hashable {
    /// Its name, which stays the same over sessions.
    var source = ""
    /// In proportion to those of the others, which have 1 where nothing is said.
    var parts: UInt64 = 0
}

extension SourceShare: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.string(1, source)
        writer.uint64(2, parts)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: source = try reader.string()
            case 2: parts = try reader.uint64()
            default: try reader.skip()
            }
        }
    }
}
