/// A line, device or tag as the log knows it.
struct Subject: Sendable, Hashable {
    /// In the session.
    var number: UInt32 = 0
    var name = ""
    /// Of a line, with its offset there.
    var chip = ""
    var offset: UInt32 = 0
    /// First 8 bytes of the SHA-256 of its LineInfo, DeviceInfo or TagInfo with the number 0.
    var configuration: [UInt8] = []
}

extension Subject: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint32(1, number)
        writer.string(2, name)
        writer.string(3, chip)
        writer.uint32(4, offset)
        writer.bytes(5, configuration)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: number = try reader.uint32()
            case 2: name = try reader.string()
            case 3: chip = try reader.string()
            case 4: offset = try reader.uint32()
            case 5: configuration = try reader.array()
            default: try reader.skip()
            }
        }
    }
}
