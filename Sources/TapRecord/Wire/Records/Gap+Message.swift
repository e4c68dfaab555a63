import TapCore

extension Gap: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint32(1, UInt32(kind.rawValue))
        switch subject {
        case .line(let line): writer.uint32(2, ifPresent: UInt32(line.index))
        case .device(let device): writer.uint32(3, ifPresent: UInt32(device.index))
        case .tag(let tag): writer.uint32(4, ifPresent: UInt32(tag.index))
        case .notes: writer.bool(5, true)
        }
        let certainty: UInt32 =
            switch count {
            case .exactly: 0
            case .atLeast: 1
            case .about: 2
            case .unknown: 3
            }
        writer.uint32(6, certainty)
        writer.uint64(7, count.known)
        writer.uint64(8, discovered.nanoseconds)
        writer.uint64(9, from.nanoseconds)
        writer.uint64(10, to.nanoseconds)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        var (subject, certainty, number): (Subject?, UInt32, UInt64) = (nil, 0, 0)
        var gap = Gap(.kernelQueueOverflow, .notes, .unknown, discovered: .zero, from: .zero, to: .zero)
        while let field = try reader.next() {
            switch field {
            case 1: gap.kind = try reader.choice("kind of gap")
            case 2: subject = .line(LineID(try reader.uint16()))
            case 3: subject = .device(DeviceID(try reader.uint16()))
            case 4: subject = .tag(TagID(try reader.uint16()))
            case 5:
                guard try reader.bool() else { throw reader.problem("a gap of no notes") }
                subject = .notes
            case 6: certainty = try reader.uint32()
            case 7: number = try reader.uint64()
            case 8: gap.discovered = try reader.timestamp()
            case 9: gap.from = try reader.timestamp()
            case 10: gap.to = try reader.timestamp()
            default: try reader.skip()
            }
        }
        guard let subject else { throw reader.problem("a gap without a subject") }
        gap.subject = subject
        switch certainty {
        case 0: gap.count = .exactly(number)
        case 1: gap.count = .atLeast(number)
        case 2: gap.count = .about(number)
        case 3: gap.count = .unknown
        default: throw reader.problem("certainty \(certainty) of a gap is not known")
        }
        self = gap
    }
}
