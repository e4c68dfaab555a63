import TapCore

/// As a part of the file `state`, whose lower fields are those of `StoreState`.
extension Holdings {
    func encode(into writer: inout ProtoWriter) {
        writer.messages(20, segments)
        writer.messages(21, pins)
        writer.uint64(22, lastPin)
        writer.uint64(23, recorded.word)
        writer.uint64(24, session.base.word)
        for number in begins.keys.sorted() {
            guard let begin = begins[number] else { continue }
            writer.packed(25, [number, begin.lowerBound.nanoseconds, begin.upperBound.nanoseconds])
        }
    }

    /// A field of its own, behind that of the session's start.
    mutating func take(_ field: Int, _ reader: inout ProtoReader) throws(ProtoProblem) {
        switch field {
        case 20: segments.append(try reader.message())
        case 21: pins.append(try reader.message())
        case 22: lastPin = try reader.uint64()
        case 23: recorded = try reader.nanoseconds()
        case 24: session.base = try reader.nanoseconds()
        case 25:
            var numbers: [UInt64] = []
            try reader.repeated(into: &numbers)
            guard numbers.count == 3, numbers[1] <= numbers[2] else { throw reader.problem("the begin of a session") }
            begins[numbers[0]] = Timestamp(nanoseconds: numbers[1])...Timestamp(nanoseconds: numbers[2])
        default: try reader.skip()
        }
    }
}

extension Holdings.Segment: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, number)
        writer.string(2, source)
        writer.uint64(3, session)
        writer.uint64(4, size)
        writer.uint64(5, ifPresent: span?.lowerBound.word)
        writer.uint64(6, ifPresent: span?.upperBound.word)
        writer.uint64(7, end.word)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init(number: 0, source: "", session: 0, size: 0, span: nil, end: .zero)
        var (from, to): (Nanoseconds?, Nanoseconds?)
        while let field = try reader.next() {
            switch field {
            case 1: number = try reader.uint64()
            case 2: source = try reader.string()
            case 3: session = try reader.uint64()
            case 4: size = try reader.uint64()
            case 5: from = try reader.nanoseconds()
            case 6: to = try reader.nanoseconds()
            case 7: end = try reader.nanoseconds()
            default: try reader.skip()
            }
        }
        if let from, let to, from <= to { span = from...to }
    }
}
