/// The smallest and the greatest that a value can have been over the last so long, both ends included.
struct SlidingHull: Sendable {
    private let window: Int64
    private var highs: Wedge
    /// Of the negative values.
    private var lows: Wedge
    private var current = ValueSpan.unknown
    private var since: Int64
    /// When the last time ended in which it was not known.
    private var unknownTo: Int64

    init(window: Int64, start: Int64) {
        self.window = window
        highs = Wedge(window: window)
        lows = Wedge(window: window)
        since = start
        unknownTo = start
    }

    /// It has this value from now on.
    mutating func push(_ span: ValueSpan, at now: Int64) {
        if span == current { return }
        if now > since {
            if current.isKnown {
                highs.add(current.high, from: since, to: now)
                lows.add(-current.low, from: since, to: now)
            } else {
                unknownTo = now
            }
        }
        current = span
        since = now
    }

    /// Of what is known of the window; unknown: nothing is.
    mutating func hull(at now: Int64) -> ValueSpan {
        highs.drop(at: now)
        lows.drop(at: now)
        let old = highs.greatest.flatMap { high in lows.greatest.map { ValueSpan(low: -$0, high: high) } }
        guard let old else { return current }
        return current.isKnown
            ? ValueSpan(low: min(old.low, current.low), high: max(old.high, current.high)) : old
    }

    /// Somewhere in the window it is not known.
    func isPartlyUnknown(at now: Int64) -> Bool { !current.isKnown || unknownTo > now - window }

    /// When the hull changes, or is known, though no value comes.
    func due(after now: Int64) -> Int64 {
        let due = min(highs.due, lows.due)
        return unknownTo > now - window ? min(due, unknownTo + window) : due
    }
}
