import TapCore

/// Where a span of UTC may lie on a session's monotonic clock, by its clock fixes, one after the other.
///
/// Between two fixes UTC less monotonic time may be anything between what the two say: a step of the clock is somewhere between
/// them. Before the first and behind the last it is what that one says.
struct ClockMap: Sendable {
    private let from: Int64
    private let to: Int64
    private var last: (monotonic: Int64, least: Int64, most: Int64)?
    private var found: [(from: Int64, to: Int64)] = []

    /// - Parameters: of UTC, in nanoseconds.
    init(from: UInt64, to: UInt64) {
        (self.from, self.to) = (Int64(clamping: from), Int64(clamping: to))
    }

    /// There is a date.
    var hasFix: Bool { last != nil }

    mutating func add(_ fix: ClockFix) {
        let monotonic = Int64(clamping: fix.monotonic.nanoseconds)
        let offset = Int64(bitPattern: fix.utcNanoseconds) &- monotonic
        let uncertainty = fix.bracket.count / 2 &+ 1
        let (least, most) = (offset &- uncertainty, offset &+ uncertainty)
        if let last {
            guard monotonic > last.monotonic else { return }
            ClockMap.add(
                &found, candidate(min(last.least, least), max(last.most, most), last.monotonic, monotonic))
        } else {
            ClockMap.add(&found, candidate(least, most, 0, monotonic))
        }
        last = (monotonic, least, most)
    }

    /// Where on the monotonic clock the span may lie: all candidates, apart, the earliest first.
    var candidates: [(from: Int64, to: Int64)] {
        guard let last else { return [] }
        var all = found
        ClockMap.add(&all, candidate(last.least, last.most, last.monotonic, .max))
        return all
    }

    /// nil: none of it lies between the two times.
    private func candidate(_ least: Int64, _ most: Int64, _ first: Int64, _ end: Int64) -> (from: Int64, to: Int64)? {
        let span = (from: max(from.subtractingClamped(most), first), to: min(to.subtractingClamped(least), end))
        return span.from <= span.to ? span : nil
    }

    private static func add(_ spans: inout [(from: Int64, to: Int64)], _ span: (from: Int64, to: Int64)?) {
        guard let span else { return }
        guard let last = spans.last, span.from <= last.to else {
            spans.append(span)
            return
        }
        spans[spans.count - 1] = (min(last.from, span.from), max(last.to, span.to))
    }
}
