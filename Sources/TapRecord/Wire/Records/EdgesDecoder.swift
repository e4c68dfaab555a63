import TapCore

/// The edges of a message Edges, one after the other, with the watermarks between them.
struct EdgesDecoder: Sendable {
    enum Step: Sendable, Hashable {
        case edge(Edge)
        case watermark(Timestamp)
    }

    private var times: ProtoReader
    private var lines: ProtoReader
    private var flags: ProtoReader
    private var sequences: ProtoReader
    private var markIndexes: ProtoReader
    private var markTimes: ProtoReader
    private var time: UInt64 = 0
    private var markTime: UInt64 = 0
    /// Of edges that were given.
    private var count: UInt64 = 0
    /// The edge before which the next watermark stands; nil: there is none.
    private var nextMark: UInt64?
    private var states = LineStates()

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        var columns: [PackedColumn] = Array(repeating: PackedColumn(), count: 8)
        var first: UInt64 = 0
        while let field = try reader.next() {
            switch field {
            case 5: first = try reader.uint64()
            case 1...7: try reader.repeated(into: &columns[field])
            default: try reader.skip()
            }
        }
        times = ProtoReader(columns[1].bytes)
        lines = ProtoReader(columns[2].bytes)
        flags = ProtoReader(columns[3].bytes)
        sequences = ProtoReader(columns[4].bytes)
        markIndexes = ProtoReader(columns[6].bytes)
        markTimes = ProtoReader(columns[7].bytes)
        time = first
        markTime = first
        states.begin()
        if !markIndexes.isAtEnd { nextMark = try markIndexes.varint() }
    }

    /// - Returns: nil: that was the last.
    @inline(__always)
    mutating func next() throws(ProtoProblem) -> Step? {
        if count == nextMark { return .watermark(try mark()) }
        if times.isAtEnd {
            try finish()
            return nil
        }
        let delta = Int64(zigzag: try times.varint())
        let word = try lines.varint()
        guard word >> 1 <= UInt64(UInt16.max) else { throw lines.problem("line \(word >> 1), above 65535") }
        let line = Int(truncatingIfNeeded: word >> 1)
        time &+= UInt64(bitPattern: delta)
        let (sequence, raw) =
            word & 1 == 0 ? try regular(line) : (try small(&sequences), try small(&flags))
        _ = states.exchange(line, sequence: sequence, flags: raw)
        count += 1
        return .edge(
            Edge(
                time: Timestamp(nanoseconds: time), line: LineID(UInt16(truncatingIfNeeded: line)),
                sequence: sequence, flags: Edge.Flags(rawValue: raw)))
    }

    @inline(__always)
    private func regular(_ line: Int) throws(ProtoProblem) -> (UInt32, UInt8) {
        guard let expected = states.expected(line) else {
            throw lines.problem("a regular edge of line \(line) without one before it")
        }
        return expected
    }

    private func small<Number: FixedWidthInteger>(_ column: inout ProtoReader) throws(ProtoProblem) -> Number {
        let value = try column.varint()
        guard let number = Number(exactly: value) else { throw column.problem("\(value) in \(Number.bitWidth) bits") }
        return number
    }

    private mutating func mark() throws(ProtoProblem) -> Timestamp {
        markTime &+= UInt64(bitPattern: Int64(zigzag: try markTimes.varint()))
        nextMark = markIndexes.isAtEnd ? nil : try markIndexes.varint()
        if let nextMark, nextMark <= count { throw markIndexes.problem("watermarks that are not in order") }
        return Timestamp(nanoseconds: markTime)
    }

    /// The columns are of one length.
    private func finish() throws(ProtoProblem) {
        guard nextMark == nil else { throw markIndexes.problem("a watermark behind the last edge and not next to it") }
        guard lines.isAtEnd, flags.isAtEnd, sequences.isAtEnd, markTimes.isAtEnd else {
            throw lines.problem("columns of different length")
        }
    }
}
