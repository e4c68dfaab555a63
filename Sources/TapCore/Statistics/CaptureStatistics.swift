/// What a person wants to know of a capture while it runs and when it ends. A sink like any other.
///
/// Allocates a histogram (60 KiB) per line at birth, nothing later but one entry per kind of loss and subject.
public struct CaptureStatistics: RecordSink, Sendable {
    public struct Line: Sendable {
        public var edges: UInt64 = 0
        public var isHigh: Bool?
        /// Between successive edges, nanoseconds.
        public var intervals = Histogram()
        /// The shortest time between two edges of opposite direction with nothing missed between them.
        public var shortestPulse: Nanoseconds?
        /// Readings of its level that agreed with its edges, and that failed.
        public var rereadsAgreed: UInt64 = 0
        public var rereadsFailed: UInt64 = 0
        var lastEdge: Timestamp?
        var lastWasRising = false
    }

    public struct Loss: Sendable, Hashable {
        public var kind: Gap.Kind
        public var subject: Gap.Subject
        /// How often it was reported.
        public var gaps: UInt64
        /// The sum of what was reported.
        public var lost: UInt64
        public var certainty: Certainty
    }

    /// What a sum of losses is; of several gaps the worst counts.
    public enum Certainty: UInt8, Sendable, Hashable, Comparable {
        case exact, estimated
        /// Some gap has a lower bound, or no number at all.
        case atLeast

        init(_ count: Gap.Count) {
            self =
                switch count {
                case .exactly: .exact
                case .about: .estimated
                case .atLeast, .unknown: .atLeast
                }
        }

        public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    public private(set) var lines: [Line]
    public private(set) var edges: UInt64 = 0
    public private(set) var scans: [UInt64]
    public private(set) var claims: UInt64 = 0
    public private(set) var losses: [Loss] = []
    public private(set) var lateRecords: UInt64 = 0
    public private(set) var lastFix: ClockFix?
    /// What the program itself noted: the first of them, and how many there were.
    public private(set) var ownNotes: [Note] = []
    public private(set) var ownNoteCount: UInt64 = 0
    public static let mostNotes = 8

    public init(lines: Int, devices: Int) {
        self.lines = Array(repeating: Line(), count: lines)
        scans = Array(repeating: 0, count: devices)
    }

    public mutating func edge(_ edge: Edge) {
        edges &+= 1
        if edge.flags.contains(.late) { lateRecords &+= 1 }
        CaptureStatistics.count(edge, &lines[Int(edge.line.index)])
    }

    private static func count(_ edge: Edge, _ line: inout Line) {
        line.edges &+= 1
        line.isHigh = edge.isRising
        if let last = line.lastEdge, !edge.flags.contains(.missedBefore), edge.time >= last {
            let interval = edge.time - last
            line.intervals.add(UInt64(interval.count))
            if edge.isRising != line.lastWasRising, line.shortestPulse.map({ interval < $0 }) ?? true {
                line.shortestPulse = interval
            }
        }
        line.lastEdge = edge.time
        line.lastWasRising = edge.isRising
    }

    public mutating func event(_ event: Event) {
        switch event {
        case .level(let level): lines[Int(level.line.index)].isHigh = level.isHigh
        case .gap(let gap): self.gap(gap)
        case .reread(let reread):
            lines[Int(reread.line.index)].rereadsAgreed += UInt64(reread.agreed)
            lines[Int(reread.line.index)].rereadsFailed += UInt64(reread.failed)
        case .claim: claims &+= 1
        case .note(let note): self.note(note)
        case .clockFix(let fix): lastFix = fix
        }
    }

    private mutating func note(_ note: Note) {
        guard note.author == "tap" else { return }
        ownNoteCount &+= 1
        if ownNotes.count < CaptureStatistics.mostNotes { ownNotes.append(note) }
    }

    private mutating func gap(_ gap: Gap) {
        if case .line(let line) = gap.subject { lines[Int(line.index)].lastEdge = nil }
        let certainty = Certainty(gap.count)
        let index = losses.firstIndex { $0.kind == gap.kind && $0.subject == gap.subject }
        if let index {
            losses[index].gaps += 1
            losses[index].lost += gap.count.known
            losses[index].certainty = max(losses[index].certainty, certainty)
        } else {
            losses.append(
                Loss(kind: gap.kind, subject: gap.subject, gaps: 1, lost: gap.count.known, certainty: certainty))
        }
    }

    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        if block.isLate { lateRecords &+= 1 }
        scans[Int(block.device.index)] += UInt64(block.count)
    }
}
