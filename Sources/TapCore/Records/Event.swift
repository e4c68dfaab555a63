/// A record that is neither an edge nor a block of scans: rarer, of a few cells, and of a kind that a switch names.
///
/// A new kind stands in a file of its own, in `RecordKind` and here; whoever has no use for it leaves it out.
public enum Event: Sendable, Hashable {
    /// A line was read as high or low.
    case level(Level)
    /// Something was lost.
    case gap(Gap)
    /// A line's level was read again and agrees, or could not be read.
    case reread(Reread)
    /// What a PLC, an HMI or a SCADA says.
    case claim(Claim)
    /// What an operator or the program enters.
    case note(Note)
    /// The monotonic clock and UTC, read together.
    case clockFix(ClockFix)
}

extension Event {
    /// What records are ordered by, in the source's clock domain.
    public var time: Timestamp {
        switch self {
        case .level(let level): level.notAfter
        case .gap(let gap): gap.discovered
        case .reread(let reread): reread.time
        case .claim(let claim): claim.time
        case .note(let note): note.time
        case .clockFix(let fix): fix.monotonic
        }
    }

    /// What a ring that has no room for it loses, as the gap that is going to report it; nil: nothing, the next event of
    /// its kind says as much.
    var lossIfRefused: Gap? {
        switch self {
        case .level(let level):
            Gap(
                .ringFull, .line(level.line), .atLeast(1), discovered: level.notAfter, from: level.notBefore,
                to: level.notAfter)
        case .gap(let gap): gap
        case .claim(let claim):
            Gap(
                .ringFull, .tag(claim.tag), .exactly(1), discovered: claim.time, from: claim.time, to: claim.time)
        case .note(let note):
            Gap(.ringFull, .notes, .exactly(1), discovered: note.time, from: note.time, to: note.time)
        case .reread, .clockFix: nil
        }
    }

    /// Came after the watermark that covers it: see `RecordWriter`.
    public var isLate: Bool {
        get {
            switch self {
            case .level(let level): level.isLate
            case .gap(let gap): gap.isLate
            case .reread(let reread): reread.isLate
            case .claim(let claim): claim.isLate
            case .note(let note): note.isLate
            case .clockFix(let fix): fix.isLate
            }
        }
        set {
            func set<Record>(_ record: Record, _ place: WritableKeyPath<Record, Bool>) -> Record {
                var record = record
                record[keyPath: place] = newValue
                return record
            }
            switch self {
            case .level(let level): self = .level(set(level, \.isLate))
            case .gap(let gap): self = .gap(set(gap, \.isLate))
            case .reread(let reread): self = .reread(set(reread, \.isLate))
            case .claim(let claim): self = .claim(set(claim, \.isLate))
            case .note(let note): self = .note(set(note, \.isLate))
            case .clockFix(let fix): self = .clockFix(set(fix, \.isLate))
            }
        }
    }

    var encoded: EventCells {
        var cells =
            switch self {
            case .level(let level): level.encoded
            case .gap(let gap): gap.encoded
            case .reread(let reread): reread.encoded
            case .claim(let claim): claim.encoded
            case .note(let note): note.encoded
            case .clockFix(let fix): fix.encoded
            }
        if isLate { cells.markLate() }
        return cells
    }

    /// - Parameter cells: a whole record that is neither an edge nor scans; nil: pads, watermarks and ends are none.
    init?(_ cells: Span<Cell>) {
        switch RecordHeader(cells[0]).kind {
        case .level: self = .level(Level(cells))
        case .gap: self = .gap(Gap(cells))
        case .reread: self = .reread(Reread(cells))
        case .claim: self = .claim(Claim(cells))
        case .note: self = .note(Note(cells))
        case .clockFix: self = .clockFix(ClockFix(cells))
        case .pad, .edge, .scans, .watermark, .end: return nil
        }
        if RecordHeader(cells[0]).isLate { isLate = true }
    }
}
