/// What the first cell of a record says it is. The raw values are written to rings only, never to a file.
@frozen
public enum RecordKind: UInt8, Sendable {
    /// Cells to be skipped, so that a longer record lies in one piece.
    case pad = 0
    case edge = 1
    case level = 2
    case gap = 3
    case clockFix = 4
    case scans = 5
    /// "Everything up to this time is in": see `RecordWriter.watermark(at:)`.
    case watermark = 6
    /// The source has ended; nothing follows.
    case end = 7
    case reread = 8
    case claim = 9
    case note = 10
}
