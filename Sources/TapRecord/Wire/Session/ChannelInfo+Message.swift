import TapCore

extension ChannelInfo: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.string(1, name)
        writer.string(2, channel)
        writer.string(3, pin)
        writer.string(4, unit)
        writer.uint32(5, UInt32(clamping: byteOffset))
        writer.string(6, format.description)
        writer.double(7, offset)
        writer.double(8, scale)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        var format: ScanFormat?
        var info = ChannelInfo(
            name: "", channel: "", unit: "", byteOffset: 0,
            format: ScanFormat(isBigEndian: false, isSigned: false, bits: 8, storageBits: 8), offset: 0, scale: 0)
        while let field = try reader.next() {
            switch field {
            case 1: info.name = try reader.string()
            case 2: info.channel = try reader.string()
            case 3: info.pin = try reader.string()
            case 4: info.unit = try reader.string()
            case 5: info.byteOffset = Int(try reader.uint32())
            case 6:
                let text = try reader.string()
                format = ScanFormat(text)
                if format == nil { throw reader.problem("format \(quoted(text)) is not one of samples") }
            case 7: info.offset = try reader.double()
            case 8: info.scale = try reader.double()
            default: try reader.skip()
            }
        }
        guard let format else { throw reader.problem("a channel without a format") }
        info.format = format
        self = info
    }
}
