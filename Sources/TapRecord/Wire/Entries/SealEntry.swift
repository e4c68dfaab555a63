/// A segment is complete. The digest is of what follows its last chunk, up to the end of the file.
struct SealEntry: Sendable, Hashable {
    var segment: UInt64 = 0
    var offset: UInt64 = 0
    var length: UInt64 = 0
    var sha256: [UInt8] = []
}

extension SealEntry: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, segment)
        writer.uint64(2, offset)
        writer.uint64(3, length)
        writer.bytes(4, sha256)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: segment = try reader.uint64()
            case 2: offset = try reader.uint64()
            case 3: length = try reader.uint64()
            case 4: sha256 = try reader.array()
            default: try reader.skip()
            }
        }
    }
}

extension SealEntry {
    init(segment: UInt64, _ sealed: (offset: UInt64, length: UInt64, digest: [UInt8])) {
        self.init(segment: segment, offset: sealed.offset, length: sealed.length, sha256: sealed.digest)
    }
}
