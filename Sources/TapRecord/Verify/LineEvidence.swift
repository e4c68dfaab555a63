import TapCore

/// What the chunks of a source, one after the other, say of one line in one span of its time.
struct LineEvidence {
    let from: UInt64
    let to: UInt64
    private let line: UInt32

    private(set) var edges: UInt64 = 0
    private(set) var firstEdge = UInt64.max
    private(set) var lastEdge: UInt64 = 0
    /// Readings in the span, and the one that ends it.
    private(set) var readings: UInt64 = 0
    private(set) var longestDistance: UInt64 = 0
    /// At the begin of the span, and as long as there is no edge in it; nil: not known.
    private(set) var isHigh: Bool?

    /// Before the span: what the level was last known to be.
    private var level: UInt32 = 0
    private var latestReading: UInt64?
    private var hasClosing = false
    private var failed: UInt64 = 0
    private var gaps: [Gap] = []
    /// The line is muted, gone or not recorded from here on.
    private var unknownFrom: UInt64?
    private var coveredFrom: UInt64?
    private var coveredTo: UInt64?
    private var holes: [(UInt64, UInt64)] = []
    private var unsignedFrom: UInt64?

    init(from: UInt64, to: UInt64, line: UInt32) {
        (self.from, self.to, self.line) = (from, to, line)
    }

    /// Takes what a chunk's entry says.
    ///
    /// - Returns: its records must be read: `read` follows.
    mutating func take(_ chunk: ChunkEntry, isSigned: Bool) -> Bool {
        let (begin, end) = (chunk.from.nanoseconds, chunk.to.nanoseconds)
        let earliest = chunk.earliestRecord?.nanoseconds ?? begin
        let isLate = earliest <= to && (chunk.latestRecord?.nanoseconds ?? end) >= from
        let isOfInterest = begin <= to && end > from || isLate || begin > to && !hasClosing
        if isOfInterest {
            cover(begin, end)
            if !isSigned, unsignedFrom == nil { unsignedFrom = begin }
        }
        guard let facts = chunk.lines.first(where: { $0.line == line }) else { return false }
        let isClosed = hasClosing && begin > to
        if facts.losses != 0 { return !isClosed || (chunk.earliestGap?.nanoseconds ?? 0) <= to }
        if isLate, facts.edges > 0 { return true }
        if isClosed { return false }
        if unknownFrom != nil { return true }
        guard isOfInterest else {
            level = facts.lastLevel
            if let last = facts.lastReading { latestReading = last }
            return false
        }
        // Between the borders, without an edge: what the entry says is enough.
        let isInside = begin >= from && end <= to && facts.edges == 0 && facts.failed == 0
        guard isInside else { return true }
        if begin == from || isHigh == nil { settleLevel() }
        readings += facts.agreed
        if let first = facts.firstReading, let latestReading, first > latestReading {
            longestDistance = max(longestDistance, first - latestReading)
        }
        longestDistance = max(longestDistance, facts.longestDistance)
        if let last = facts.lastReading { latestReading = last }
        level = facts.lastLevel
        return false
    }

    private mutating func cover(_ begin: UInt64, _ end: UInt64) {
        if coveredFrom == nil { coveredFrom = begin }
        if let coveredTo, coveredTo != begin { holes.append((coveredTo, begin)) }
        coveredTo = max(coveredTo ?? 0, end)
    }

    private mutating func settleLevel() {
        if edges == 0, isHigh == nil { isHigh = level == 0 ? nil : level == 2 }
    }

    /// Takes the records of a chunk.
    mutating func read(_ chunk: ChunkEntry, on disk: any Disk) throws(StoreProblem) {
        let file = try StoreProblem.catching { () throws(DiskError) in
            try disk.openToRead(SegmentWriter.path(chunk.segment))
        }
        let bytes = try StoredChunk.bytes(chunk, file)
        var sink = LineSink(line: LineID(UInt16(truncatingIfNeeded: line)))
        try StoredChunk.decode(chunk, bytes, into: &sink)
        for record in sink.records { take(record) }
        // A span without a record of its own ends here too.
        if chunk.to.nanoseconds > from { settleLevel() }
    }

    private mutating func take(_ record: LineSink.Record) {
        switch record {
        case .edge(let time, let isRising):
            if time > from { settleLevel() }
            if time >= from, time <= to {
                edges += 1
                firstEdge = min(firstEdge, time)
                lastEdge = max(lastEdge, time)
            }
            level = isRising ? 2 : 1
            if gaps.last?.kind == .notRecorded { unknownFrom = nil }
        case .level(let level):
            reading(level.notBefore.nanoseconds, level.notAfter.nanoseconds, isHigh: level.isHigh, count: 1)
            if level.reason != .muted { endUnknown(at: level.notAfter.nanoseconds) }
            self.level = level.isHigh ? 2 : 1
        case .reread(let reread):
            if reread.failed > 0, reread.from.nanoseconds <= to, reread.to.nanoseconds >= from {
                failed += UInt64(reread.failed)
            }
            guard reread.agreed > 0 else { return }
            reading(
                reread.from.nanoseconds, reread.to.nanoseconds, isHigh: reread.isHigh, count: UInt64(reread.agreed))
        case .gap(let gap): take(gap)
        }
    }

    private mutating func take(_ gap: Gap) {
        level = 0
        if gap.kind == .muted || gap.kind == .sourceGone || gap.to == .distantFuture {
            if unknownFrom == nil { unknownFrom = gap.from.nanoseconds }
            if gap.from.nanoseconds <= to { gaps.append(gap) }
            return
        }
        if gap.from.nanoseconds <= to, gap.to.nanoseconds >= from { gaps.append(gap) }
    }

    /// What was unknown ended: it counts if it reaches into the span.
    private mutating func endUnknown(at time: UInt64) {
        guard unknownFrom != nil else { return }
        unknownFrom = nil
        if time < from { gaps.removeAll { $0.kind == .muted || $0.kind == .sourceGone || $0.to == .distantFuture } }
    }

    private mutating func reading(_ begin: UInt64, _ end: UInt64, isHigh: Bool?, count: UInt64) {
        defer { latestReading = max(latestReading ?? 0, begin) }
        if begin > from { settleLevel() }
        guard end >= from, !hasClosing else { return }
        if let latestReading, begin > latestReading { longestDistance = max(longestDistance, begin - latestReading) }
        // Of several readings, those at the borders may lie on either side.
        readings += begin >= from && end <= to ? count : 1
        if end >= to { hasClosing = true }
    }

    /// Why nothing can be said of the span; empty: something can.
    func reasons(_ table: SourceTable) -> [String] {
        var reasons: [String] = []
        if coveredFrom.map({ $0 > from }) ?? true || coveredTo.map({ $0 < to }) ?? true {
            reasons.append("not all of the span was recorded: off, or not yet on the medium")
        }
        for hole in holes where hole.0 <= to && hole.1 >= from {
            reasons.append("nothing is known from \(hole.0) to \(hole.1) ns of source '\(printable(table.name))'")
        }
        if let unsignedFrom, unsignedFrom <= to {
            reasons.append("an unsealed tail: no checkpoint covers what was recorded last")
        }
        for gap in gaps.prefix(3) {
            reasons.append(
                "a gap (\(LineEvidence.words(gap.kind))) from \(gap.from.nanoseconds) to \(gap.to == .distantFuture ? "an open end" : "\(gap.to.nanoseconds) ns")"
            )
        }
        if failed > 0 { reasons.append("\(failed) readings of the level failed") }
        guard reasons.isEmpty, edges == 0 else { return reasons }
        if !SourceInfo.Capabilities(rawValue: table.capabilities).contains(.readsLevels) {
            reasons.append(
                "the source does not read levels, so that a line that is quiet and one that is dead look the same")
        } else if !hasClosing {
            reasons.append("the level was not read again after the end of the span")
        } else if isHigh == nil {
            reasons.append("the level at the begin of the span is not known")
        }
        return reasons
    }

    private static func words(_ kind: Gap.Kind) -> String {
        switch kind {
        case .kernelQueueOverflow: "kernel queue overflow"
        case .repeatedPolarity: "repeated polarity"
        case .levelDisagreement: "level disagreement"
        case .scansMissing: "scans missing"
        case .ringFull: "ring full"
        case .muted: "muted"
        case .sourceGone: "source gone"
        case .sourceBack: "source back"
        case .notRecorded: "not recorded"
        }
    }
}
