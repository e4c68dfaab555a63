/// What a chunk says of one device, without being read.
struct DeviceFacts: Sendable, Hashable {
    /// Number in the session.
    var device: UInt32 = 0
    var scans: UInt64 = 0
    /// Bit k: a gap of kind k.
    var losses: UInt32 = 0
    /// Known number.
    var lost: UInt64 = 0
}

extension DeviceFacts: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint32(1, device)
        writer.uint64(2, scans)
        writer.uint32(3, losses)
        writer.uint64(4, lost)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: device = try reader.uint32()
            case 2: scans = try reader.uint64()
            case 3: losses = try reader.uint32()
            case 4: lost = try reader.uint64()
            default: try reader.skip()
            }
        }
    }
}
