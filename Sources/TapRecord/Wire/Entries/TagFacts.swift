/// What a chunk says of one tag, without being read.
struct TagFacts: Sendable, Hashable {
    /// Number in the session.
    var tag: UInt32 = 0
    var claims: UInt64 = 0
    /// Bit k: a gap of kind k.
    var losses: UInt32 = 0
    /// Known number.
    var lost: UInt64 = 0
}

extension TagFacts: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint32(1, tag)
        writer.uint64(2, claims)
        writer.uint32(3, losses)
        writer.uint64(4, lost)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: tag = try reader.uint32()
            case 2: claims = try reader.uint64()
            case 3: losses = try reader.uint32()
            case 4: lost = try reader.uint64()
            default: try reader.skip()
            }
        }
    }
}
