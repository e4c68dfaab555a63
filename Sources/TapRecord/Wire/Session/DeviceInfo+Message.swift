import TapCore

extension DeviceInfo: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint32(1, UInt32(id.index))
        writer.string(2, name)
        writer.string(3, context)
        writer.string(4, method.rawValue)
        writer.bool(5, isTimestamped)
        writer.double(6, ifPresent: rate_hz)
        writer.uint32(7, UInt32(clamping: bytesPerScan))
        writer.messages(8, channels)
        if let timestamp { writer.message(9, timestamp) }
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        var method: Method?
        var info = DeviceInfo(
            id: DeviceID(0), name: "", method: .buffered, isTimestamped: false, rate_hz: nil, bytesPerScan: 0,
            channels: [])
        while let field = try reader.next() {
            switch field {
            case 1: info.id = DeviceID(try reader.uint16())
            case 2: info.name = try reader.string()
            case 3: info.context = try reader.string()
            case 4: method = try reader.word("method")
            case 5: info.isTimestamped = try reader.bool()
            case 6: info.rate_hz = try reader.double()
            case 7: info.bytesPerScan = Int(try reader.uint32())
            case 8: info.channels.append(try reader.message())
            case 9: info.timestamp = try reader.message()
            default: try reader.skip()
            }
        }
        guard let method else { throw reader.problem("a device without a method") }
        info.method = method
        for channel in info.channels + (info.timestamp.map { [$0] } ?? []) {
            let end = channel.byteOffset + channel.format.bytes
            guard end <= info.bytesPerScan else {
                throw reader.problem("a channel up to byte \(end) of a scan of \(info.bytesPerScan)")
            }
        }
        self = info
    }
}
