import TapCore

extension Reread: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint32(1, UInt32(line.index))
        writer.uint64(2, time.nanoseconds)
        writer.uint64(3, from.nanoseconds)
        writer.uint64(4, to.nanoseconds)
        writer.uint32(5, isHigh.map { $0 ? 2 : 1 } ?? 0)
        writer.uint32(6, agreed)
        writer.uint32(7, failed)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init(line: LineID(0), time: .zero, from: .zero, to: .zero, isHigh: nil, agreed: 0, failed: 0)
        while let field = try reader.next() {
            switch field {
            case 1: line = LineID(try reader.uint16())
            case 2: time = try reader.timestamp()
            case 3: from = try reader.timestamp()
            case 4: to = try reader.timestamp()
            case 5:
                let level = try reader.uint32()
                guard level <= 2 else { throw reader.problem("level \(level) is not known") }
                isHigh = level == 0 ? nil : level == 2
            case 6: agreed = try reader.uint32()
            case 7: failed = try reader.uint32()
            default: try reader.skip()
            }
        }
    }
}
