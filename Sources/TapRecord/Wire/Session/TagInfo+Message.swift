import TapCore

extension TagInfo: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint32(1, UInt32(id.index))
        writer.string(2, name)
        writer.string(3, source)
        writer.string(4, unit)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init(id: TagID(0), name: "", source: "")
        while let field = try reader.next() {
            switch field {
            case 1: id = TagID(try reader.uint16())
            case 2: name = try reader.string()
            case 3: source = try reader.string()
            case 4: unit = try reader.string()
            default: try reader.skip()
            }
        }
    }
}
