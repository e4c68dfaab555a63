/// The first cell of every record: time, then number of cells (an edge: its sequence), subject, kind and flags.
///
/// word0 is the time; word1 holds, from the low end, 32 bits of count or sequence, 16 bits of subject (the line, device
/// or tag), 8 bits of kind, 8 bits of flags.
@frozen
@usableFromInline
struct RecordHeader: Sendable {
    @usableFromInline var cell: Cell

    @inlinable @inline(__always)
    init(_ cell: Cell) { self.cell = cell }

    @inlinable @inline(__always)
    init(time: Timestamp, count: UInt32, subject: UInt16, kind: RecordKind, flags: UInt8) {
        cell = Cell(
            time.nanoseconds,
            UInt64(count) | UInt64(subject) << 32 | UInt64(kind.rawValue) << 48 | UInt64(flags) << 56)
    }

    @inlinable var time: Timestamp { Timestamp(nanoseconds: cell.word0) }
    @inlinable var count: UInt32 { UInt32(truncatingIfNeeded: cell.word1) }
    @inlinable var subject: UInt16 { UInt16(truncatingIfNeeded: cell.word1 >> 32) }
    @inlinable var rawKind: UInt8 { UInt8(truncatingIfNeeded: cell.word1 >> 48) }
    @inlinable var flags: UInt8 { UInt8(truncatingIfNeeded: cell.word1 >> 56) }

    @inlinable
    var kind: RecordKind {
        guard let kind = RecordKind(rawValue: rawKind) else { preconditionFailure("a cell of no known kind") }
        return kind
    }

    /// Cells of the whole record.
    @inlinable var cells: Int { rawKind == RecordKind.edge.rawValue ? 1 : Int(count) }

    /// Whether it came after the watermark that covers it; a block of scans as a whole.
    @inlinable
    var isLate: Bool {
        get { flags & lateFlag != 0 }
        set {
            let bit = UInt64(lateFlag) << 56
            cell.word1 = newValue ? cell.word1 | bit : cell.word1 & ~bit
        }
    }

    @inlinable
    var lateFlag: UInt8 {
        switch kind {
        case .edge: Edge.Flags.late.rawValue
        case .gap: 0x20
        default: 0x80
        }
    }

    /// In which of the session's tables its subject stands; nil: it has none.
    var table: SessionTable? {
        switch kind {
        case .edge, .level, .reread: .lines
        case .scans: .devices
        case .claim: .tags
        case .gap: Gap.table(ofFlags: flags)
        case .clockFix, .note, .pad, .watermark, .end: nil
        }
    }
}
