/// Readings of one line's level while its edges go on: that the reader is alive, and that what it reads is where the edges
/// lead.
///
/// Without it a line that is quiet and a line that cannot be read look the same. A reading that disagrees is not among
/// them: it is a `Gap` and a `Level`.
public struct Reread: Sendable, Hashable {
    public var line: LineID
    /// When this was written, in the source's clock domain.
    public var time: Timestamp
    /// Stamped before the first of the readings began and after the last ended.
    public var from: Timestamp
    public var to: Timestamp
    /// As the last of them read it; nil: that one failed.
    public var isHigh: Bool?
    /// Readings that do not contradict the edges. Of a line whose edges of one direction are captured none can.
    public var agreed: UInt32
    /// Readings that the kernel answered with an error.
    public var failed: UInt32
    /// Came after the watermark that covers it: see `RecordWriter`.
    public var isLate = false

    public init(
        line: LineID, time: Timestamp, from: Timestamp, to: Timestamp, isHigh: Bool?, agreed: UInt32, failed: UInt32
    ) {
        self.line = line
        self.time = time
        self.from = from
        self.to = to
        self.isHigh = isHigh
        self.agreed = agreed
        self.failed = failed
    }

    var encoded: EventCells {
        let flags: UInt8 = isHigh.map { $0 ? 3 : 2 } ?? 0
        var cells = EventCells(time: time, subject: line.index, kind: .reread, flags: flags)
        cells.append(from.nanoseconds, to.nanoseconds)
        cells.append(UInt64(agreed), UInt64(failed))
        return cells
    }

    init(_ cells: Span<Cell>) {
        let header = RecordHeader(cells[0])
        self.init(
            line: LineID(header.subject), time: header.time, from: Timestamp(nanoseconds: cells[1].word0),
            to: Timestamp(nanoseconds: cells[1].word1), isHigh: header.flags & 2 == 0 ? nil : header.flags & 1 != 0,
            agreed: UInt32(truncatingIfNeeded: cells[2].word0), failed: UInt32(truncatingIfNeeded: cells[2].word1))
    }
}
