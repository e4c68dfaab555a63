/// A segment file was made.
struct SegmentEntry: Sendable, Hashable {
    var number: UInt64 = 0
    var session: UInt64 = 0
    /// Of its head, of which the digest is: all up to its free space.
    var length: UInt64 = 0
    var sha256: [UInt8] = []
    /// Of the file at its birth.
    var size: UInt64 = 0
    var source: UInt32 = 0
}

extension SegmentEntry: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, number)
        writer.uint64(2, session)
        writer.uint64(3, length)
        writer.bytes(4, sha256)
        writer.uint64(5, size)
        writer.uint32(6, source)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: number = try reader.uint64()
            case 2: session = try reader.uint64()
            case 3: length = try reader.uint64()
            case 4: sha256 = try reader.array()
            case 5: size = try reader.uint64()
            case 6: source = try reader.uint32()
            default: try reader.skip()
            }
        }
    }
}
