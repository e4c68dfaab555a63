/// A loss, as data: something happened, or may have happened, on a line, device or tag or to a note, that no record shows.
///
/// A gap is ordered by when it was discovered; the span it speaks of is its content, and whatever is asked about that
/// span has the answer "unknown".
public struct Gap: Sendable, Hashable {
    public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
        /// The kernel's queue dropped its oldest events; shown by the jump of the line's sequence number.
        case kernelQueueOverflow = 0
        /// Two edges of one direction in a row: the one between them was missed, or the line had changed back before
        /// the kernel read an edge's direction from it.
        case repeatedPolarity = 1
        /// A level that was read again is not the one the edges lead to.
        case levelDisagreement = 2
        /// The time stamps of an ADC's scans jump, or the device has none.
        case scansMissing = 3
        /// A consumer was too slow: tap's ring was full and refused the newest.
        case ringFull = 4
        /// The line toggled faster than its limit and was not listened to.
        case muted = 5
        /// The chip or device is not there.
        case sourceGone = 6
        /// The chip or device is there again; the span is how long it was not.
        case sourceBack = 7
        /// A capture file says that it does not know the level from here on, which the next level or edge ends; or, with a
        /// span that has an end, records are missing in the file, as their numbers show.
        case notRecorded = 8
    }

    public enum Subject: Sendable, Hashable {
        case line(LineID)
        case device(DeviceID)
        case tag(TagID)
        /// What operators and tap enter through a source.
        case notes
    }

    /// How many events, scans, claims or notes were lost.
    public enum Count: Sendable, Hashable {
        case exactly(UInt64)
        case atLeast(UInt64)
        /// From the time that passed and the nominal rate.
        case about(UInt64)
        /// Cannot be known.
        case unknown
    }

    public var kind: Kind
    public var subject: Subject
    public var count: Count
    /// When the loss was noticed, in the source's clock domain.
    public var discovered: Timestamp
    /// The span in which it happened: after the last record before it, until the first one after it.
    public var from: Timestamp
    public var to: Timestamp
    /// Came after the watermark that covers it: see `RecordWriter`.
    public var isLate = false

    public init(
        _ kind: Kind, _ subject: Subject, _ count: Count, discovered: Timestamp, from: Timestamp, to: Timestamp
    ) {
        self.kind = kind
        self.subject = subject
        self.count = count
        self.discovered = discovered
        self.from = from
        self.to = to
    }

    /// Cells that it takes in a ring.
    static let cells = 3

    var encoded: EventCells {
        let (table, index): (UInt8, UInt16) =
            switch subject {
            case .line(let line): (0, line.index)
            case .device(let device): (0x80, device.index)
            case .tag(let tag): (0x40, tag.index)
            case .notes: (0xC0, 0)
            }
        let (certainty, number): (UInt64, UInt64) =
            switch count {
            case .exactly(let number): (0, number)
            case .atLeast(let number): (1, number)
            case .about(let number): (2, number)
            case .unknown: (3, 0)
            }
        var cells = EventCells(
            time: discovered, subject: index, kind: .gap, flags: kind.rawValue | table)
        cells.append(from.nanoseconds, to.nanoseconds)
        cells.append(number, certainty)
        return cells
    }

    /// Of a record's header; nil: of notes, which have no number.
    static func table(ofFlags flags: UInt8) -> SessionTable? {
        switch flags & 0xC0 {
        case 0: .lines
        case 0x80: .devices
        case 0x40: .tags
        default: nil
        }
    }

    init(_ cells: Span<Cell>) {
        let header = RecordHeader(cells[0])
        guard let kind = Kind(rawValue: header.flags & 0x1F) else { preconditionFailure("a gap of no known kind") }
        let number = cells[2].word0
        let count: Count =
            switch cells[2].word1 {
            case 0: .exactly(number)
            case 1: .atLeast(number)
            case 2: .about(number)
            default: .unknown
            }
        let subject: Subject =
            switch Gap.table(ofFlags: header.flags) {
            case .lines: .line(LineID(header.subject))
            case .devices: .device(DeviceID(header.subject))
            case .tags: .tag(TagID(header.subject))
            case nil: .notes
            }
        self.init(
            kind, subject, count, discovered: header.time, from: Timestamp(nanoseconds: cells[1].word0),
            to: Timestamp(nanoseconds: cells[1].word1))
    }
}

extension Gap.Kind {
    /// Whether it says how things are from then on, and not only that something is missing.
    var isState: Bool { self == .muted || self == .sourceGone || self == .sourceBack }
}

extension Gap.Count {
    /// The number, where there is one; what is not known counts as nothing here, so show `self` beside a sum.
    public var known: UInt64 {
        switch self {
        case .exactly(let number), .atLeast(let number), .about(let number): number
        case .unknown: 0
        }
    }
}
