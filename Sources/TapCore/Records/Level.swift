/// A level that was read, not inferred from an edge: it held at some instant between two stamps.
public struct Level: Sendable, Hashable {
    public enum Reason: UInt8, Sendable, Hashable, CaseIterable {
        /// Right after the line was requested: no event gives it.
        case first = 0
        /// Read again because the edges no longer explain it; a `Gap` goes with it.
        case disagreement = 1
        /// Polled while the line is muted.
        case muted = 2
        /// The line is being captured again after it was muted, its chip was gone, or tap's ring had no room for it.
        /// Also where a span that was cut out of a capture begins.
        /// For one of several consumers whose own ring had no room, by the last edge or level that the others have: between
        /// that and the watermark up to which nothing else was written.
        case resumed = 3
    }

    public var line: LineID
    public var isHigh: Bool
    public var reason: Reason
    /// Stamped before the read began and after it ended, in the source's clock domain.
    public var notBefore: Timestamp
    public var notAfter: Timestamp
    /// Came after the watermark that covers it: see `RecordWriter`.
    public var isLate = false

    public init(line: LineID, isHigh: Bool, reason: Reason, notBefore: Timestamp, notAfter: Timestamp) {
        self.line = line
        self.isHigh = isHigh
        self.reason = reason
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    var encoded: EventCells {
        var cells = EventCells(
            time: notAfter, subject: line.index, kind: .level, flags: (isHigh ? 1 : 0) | reason.rawValue << 1)
        cells.append(notBefore.nanoseconds, 0)
        return cells
    }

    init(_ cells: Span<Cell>) {
        let header = RecordHeader(cells[0])
        self.init(
            line: LineID(header.subject), isHigh: header.flags & 1 != 0,
            reason: Reason(rawValue: header.flags >> 1 & 3) ?? .first,
            notBefore: Timestamp(nanoseconds: cells[1].word0), notAfter: header.time)
    }
}
