import TapCore

/// What a span of a source says of one line, and what the spans before it led to.
struct LineSpan: Sendable {
    /// 0: not known, 1: low, 2: high; as in `LineFacts`.
    private(set) var level: UInt32 = 0
    /// When the latest reading of the level began.
    private var latestReading: UInt64?
    /// When the latest `Level` began: an edge stamped before it changes nothing.
    private var levelBegan: UInt64 = 0

    // Of the span:
    private var firstLevel: UInt32 = 0
    private var edges: UInt64 = 0
    private var agreed: UInt64 = 0
    private var failed: UInt64 = 0
    private var firstReading: UInt64?
    private var lastReading: UInt64?
    private var longestDistance: UInt64 = 0
    private var losses: UInt32 = 0
    private var lost: UInt64 = 0
    private var late: UInt64 = 0

    /// What edges say of their lines.
    ///
    /// - Parameters:
    ///   - cells: each an edge; one at least.
    ///   - firstLine: the number of the first of `lines`.
    ///   - from: the begin of the span.
    /// - Returns: the earliest and the latest time.
    static func take(
        _ cells: Span<Cell>, into lines: inout [LineSpan], firstLine: UInt16, from: UInt64
    ) -> (first: UInt64, last: UInt64) {
        var (first, last): (UInt64, UInt64) = (.max, 0)
        var lines = lines.mutableSpan
        for index in cells.indices {
            let edge = Edge(cell: cells[index])
            let time = edge.time.nanoseconds
            (first, last) = (min(first, time), max(last, time))
            lines[Int(edge.line.index &- firstLine)].edge(isRising: edge.isRising, at: time, from: from)
        }
        return (first, last)
    }

    @inline(__always)
    private mutating func edge(isRising: Bool, at time: UInt64, from: UInt64) {
        edges &+= 1
        if time >= levelBegan { level = isRising ? 2 : 1 }
        if time < from { late &+= 1 }
    }

    mutating func level(_ new: Level) {
        level = new.isHigh ? 2 : 1
        levelBegan = new.notBefore.nanoseconds
        read(from: new.notBefore.nanoseconds, to: new.notAfter.nanoseconds)
    }

    mutating func reread(_ reread: Reread) {
        agreed += UInt64(reread.agreed)
        failed += UInt64(reread.failed)
        guard reread.agreed > 0 else { return }
        read(from: reread.from.nanoseconds, to: reread.to.nanoseconds)
    }

    /// Readings from the begin of the first to the end of the last.
    private mutating func read(from: UInt64, to: UInt64) {
        if let latestReading, from > latestReading { longestDistance = max(longestDistance, from - latestReading) }
        if firstReading == nil { firstReading = from }
        lastReading = to
        latestReading = from
    }

    mutating func gap(_ gap: Gap) {
        losses |= 1 << UInt32(gap.kind.rawValue)
        lost = lost.addingReportingOverflow(gap.count.known).partialValue
        level = 0
    }

    // Of a store that is looked at

    /// When the latest reading began is not known, so the longest distance is not.
    private(set) var isDistanceUnknown = false

    mutating func forgetLevel() { (level, firstLevel) = (0, 0) }

    /// A span of which the records are not there.
    mutating func skip(_ facts: LineFacts) {
        let isUnknown = facts.lastReading != nil || latestReading == nil || isDistanceUnknown
        self = LineSpan()
        (level, firstLevel, isDistanceUnknown) = (facts.lastLevel, facts.lastLevel, isUnknown)
    }

    /// What the span says; the next one begins.
    mutating func finish(_ number: UInt32) -> LineFacts {
        let facts = LineFacts(
            line: number, edges: edges, firstLevel: firstLevel, lastLevel: level, agreed: agreed, failed: failed,
            firstReading: firstReading, lastReading: lastReading, longestDistance: longestDistance, losses: losses,
            lost: lost, late: late)
        let (level, began, latest) = (level, levelBegan, latestReading)
        let isUnknown = isDistanceUnknown && firstReading == nil
        self = LineSpan()
        isDistanceUnknown = isUnknown
        self.level = level
        levelBegan = began
        firstLevel = level
        latestReading = latest
        return facts
    }
}
