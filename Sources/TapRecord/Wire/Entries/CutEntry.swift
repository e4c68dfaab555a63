/// What a start found behind the last whole chunk, and what a failing medium cost.
struct CutEntry: Sendable, Hashable {
    var segment: UInt64 = 0
    var offset: UInt64 = 0
    var bytes: UInt64 = 0
    var why = ""
    var session: UInt64 = 0
    /// Nothing follows in the segment, and it is not sealed.
    var isGivenUp = false
}

extension CutEntry: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, segment)
        writer.uint64(2, offset)
        writer.uint64(3, bytes)
        writer.string(4, why)
        writer.uint64(5, session)
        writer.bool(6, isGivenUp)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: segment = try reader.uint64()
            case 2: offset = try reader.uint64()
            case 3: bytes = try reader.uint64()
            case 4: why = try reader.string()
            case 5: session = try reader.uint64()
            case 6: isGivenUp = try reader.bool()
            default: try reader.skip()
            }
        }
    }
}
