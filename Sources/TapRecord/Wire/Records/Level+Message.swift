import TapCore

extension Level: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint32(1, UInt32(line.index))
        writer.bool(2, isHigh)
        writer.uint32(3, UInt32(reason.rawValue))
        writer.uint64(4, notBefore.nanoseconds)
        writer.uint64(5, notAfter.nanoseconds)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init(line: LineID(0), isHigh: false, reason: .first, notBefore: .zero, notAfter: .zero)
        while let field = try reader.next() {
            switch field {
            case 1: line = LineID(try reader.uint16())
            case 2: isHigh = try reader.bool()
            case 3: reason = try reader.choice("reason of a level")
            case 4: notBefore = try reader.timestamp()
            case 5: notAfter = try reader.timestamp()
            default: try reader.skip()
            }
        }
    }
}
