import TapCore

/// What the records of a line, tag or device led to so far, and which losses reach into a span.
struct EvidenceState {
    /// 0 unknown, 1 low, 2 high.
    var level: UInt32 = 0
    var lastEdge: UInt64 = 0
    /// Behind the last chunk with a loss, an edge or a reading followed.
    var hasFollowed = false
    private var levelBegan: UInt64 = 0
    private var lossEnd: UInt64 = 0
    /// Muted, gone or not recorded from here on.
    private var openGap: Gap?
    private var gaps: [Gap] = []
    private var gapCount: UInt64 = 0
    private var failed: UInt64 = 0

    /// A gap of what was not recorded reaches into the span.
    private(set) var hasNotRecorded = false

    var isNotRecorded: Bool { openGap?.kind == .notRecorded }

    mutating func endUnknown() { openGap = nil }

    /// - Returns: none of the line was later.
    mutating func edge(at time: UInt64, isRising: Bool, from: UInt64, to: UInt64) -> Bool {
        if isNotRecorded { close(at: time, (from, to)) }
        guard time >= levelBegan, time >= lastEdge else { return false }
        level = isRising ? 2 : 1
        lastEdge = time
        return true
    }

    mutating func level(_ new: Level, from: UInt64, to: UInt64) {
        level = new.isHigh ? 2 : 1
        levelBegan = new.notBefore.nanoseconds
        if new.reason != .muted { close(at: new.notAfter.nanoseconds, (from, to)) }
    }

    mutating func reread(_ reread: Reread, from: UInt64, to: UInt64) {
        let (begin, end) = (reread.from.nanoseconds, reread.to.nanoseconds)
        if reread.failed > 0, begin <= to, end >= from { failed += UInt64(reread.failed) }
        guard reread.agreed > 0, let isHigh = reread.isHigh, openGap == nil else { return }
        if level == 0, begin > lastEdge, begin >= lossEnd { level = isHigh ? 2 : 1 }
    }

    mutating func gap(_ gap: Gap, from: UInt64, to: UInt64) {
        if gap.to == .distantFuture || gap.kind == .sourceGone {
            level = 0
            if openGap == nil { openGap = gap }
            return
        }
        // It speaks of all of the time that the open one does.
        if gap.kind == .sourceBack || gap.kind == openGap?.kind { openGap = nil }
        if gap.to.nanoseconds > levelBegan { level = 0 }
        lossEnd = max(lossEnd, gap.to.nanoseconds)
        if gap.from.nanoseconds <= to, gap.to.nanoseconds >= from { keep(gap) }
    }

    /// What is open ends; it counts if it reaches into the span.
    private mutating func close(at time: UInt64, _ span: (from: UInt64, to: UInt64)) {
        guard let gap = openGap else { return }
        openGap = nil
        lossEnd = max(lossEnd, time)
        if gap.from.nanoseconds <= span.to, time >= span.from { keep(gap) }
    }

    private mutating func keep(_ gap: Gap) {
        gapCount += 1
        if gap.kind == .notRecorded { hasNotRecorded = true }
        if gaps.count < 3 { gaps.append(gap) }
    }

    func reasons(to: UInt64) -> [String] {
        var reasons = gaps.map(EvidenceState.words)
        if gapCount > UInt64(gaps.count) { reasons.append("and \(gapCount - UInt64(gaps.count)) more gaps") }
        if let openGap, openGap.from.nanoseconds <= to { reasons.append(EvidenceState.words(openGap)) }
        if failed > 0 { reasons.append("\(failed) readings of the level failed") }
        return reasons
    }

    private static func words(_ gap: Gap) -> String {
        let end = gap.to == .distantFuture ? "an open end" : "\(gap.to.nanoseconds) ns"
        let count =
            switch gap.count {
            case .exactly(let count): ", \(count) lost,"
            case .atLeast(let count): ", at least \(count) lost,"
            case .about(let count): ", about \(count) lost,"
            case .unknown: ""
            }
        return "a gap (\(words(gap.kind)))\(count) from \(gap.from.nanoseconds) to \(end)"
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
