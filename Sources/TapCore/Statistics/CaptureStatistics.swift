/// What a person wants to know of a capture while it runs and when it ends. A sink like any other.
///
/// Allocates a histogram (60 KiB) per line at birth, nothing later but one entry per kind of loss and subject.
public struct CaptureStatistics: RecordSink, Sendable {
    public struct Line: Sendable {
        public var edges: UInt64 = 0
        /// Edges of one direction: rising, or falling on a line of which these alone are captured.
        public var pulses: UInt64 = 0
        public var isHigh: Bool?
        /// From each of these edges to the next with nothing missed between them, nanoseconds.
        public var periods = Histogram()
        /// The shortest time between two edges of opposite direction with nothing missed between them.
        public var shortestPulse: Nanoseconds?
        /// Readings of its level that agreed with its edges, and that failed.
        public var rereadsAgreed: UInt64 = 0
        public var rereadsFailed: UInt64 = 0
        private let countsRising: Bool
        private var periodSum: UInt64 = 0
        private var lastEdge: Timestamp?
        private var lastWasRising = false
        private var lastPulse: Timestamp?

        init(_ info: LineInfo) { countsRising = info.options.edges != .falling }

        /// Pulses a second while there were pulses: the inverse of the mean period; nil: there is no period.
        public var frequency_hz: Double? {
            periodSum > 0 ? Double(periods.count) * 1e9 / Double(periodSum) : nil
        }

        mutating func count(_ edge: Edge) {
            edges &+= 1
            isHigh = edge.isRising
            if edge.flags.contains(.missedBefore) { miss() }
            if let last = lastEdge, edge.time >= last, edge.isRising != lastWasRising {
                let width = edge.time - last
                if shortestPulse.map({ width < $0 }) ?? true { shortestPulse = width }
            }
            lastEdge = edge.time
            lastWasRising = edge.isRising
            if edge.isRising == countsRising { countPulse(at: edge.time) }
        }

        private mutating func countPulse(at time: Timestamp) {
            pulses &+= 1
            if let last = lastPulse, time >= last {
                let period = UInt64((time - last).count)
                periods.add(period)
                periodSum &+= period
            }
            lastPulse = time
        }

        /// Something may be missing here, so nothing is measured across it.
        mutating func miss() {
            lastEdge = nil
            lastPulse = nil
        }
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

    public init(_ header: SessionHeader) {
        lines = header.lines.map(Line.init)
        scans = header.devices.map { _ in 0 }
    }

    public mutating func edge(_ edge: Edge) {
        edges &+= 1
        if edge.flags.contains(.late) { lateRecords &+= 1 }
        lines[Int(edge.line.index)].count(edge)
    }

    public mutating func event(_ event: Event) {
        if event.isLate { lateRecords &+= 1 }
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
        if case .line(let line) = gap.subject { lines[Int(line.index)].miss() }
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
