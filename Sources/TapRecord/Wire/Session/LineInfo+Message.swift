import TapCore

extension LineInfo: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint32(1, UInt32(id.index))
        writer.string(2, name)
        writer.string(3, chip)
        writer.uint32(4, UInt32(clamping: offset))
        writer.string(5, pin)
        writer.string(6, options.bias.rawValue)
        writer.bool(7, options.isActiveLow)
        writer.string(8, options.edges.rawValue)
        writer.uint64(9, options.debounce.word)
        writer.uint32(10, ifPresent: queueAsked.map { UInt32(clamping: $0) })
        writer.uint32(11, ifPresent: queueHeld.map { UInt32(clamping: $0) })
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init(id: LineID(0), name: "")
        while let field = try reader.next() {
            switch field {
            case 1: id = LineID(try reader.uint16())
            case 2: name = try reader.string()
            case 3: chip = try reader.string()
            case 4: offset = Int(try reader.uint32())
            case 5: pin = try reader.string()
            case 6: options.bias = try reader.word("bias")
            case 7: options.isActiveLow = try reader.bool()
            case 8: options.edges = try reader.word("kind of edges")
            case 9: options.debounce = try reader.nanoseconds()
            case 10: queueAsked = Int(try reader.uint32())
            case 11: queueHeld = Int(try reader.uint32())
            default: try reader.skip()
            }
        }
    }
}
