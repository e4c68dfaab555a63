/// How far a counter is ahead of what its line was seen to count, in edges: a span that claims which agree make smaller.
///
/// It is taken once. Afterwards only what may have been missed makes it larger: edges that were lost, and those of a time in
/// which the source was silent, when its program may have stood still.
struct CounterOffset: Sendable {
    /// After so many edges the counter begins again; 0: it never does.
    let wrap: Double
    /// The steps in which it is claimed, in edges; 0: it shows each.
    let grain: Double
    /// It goes on where it was when its program starts again.
    let isRetained: Bool
    /// A source that said nothing for longer may have started again.
    let silence: Int64

    private(set) var low = -Double.infinity
    private(set) var high = Double.infinity
    /// How often it had to be taken anew.
    private(set) var renewed = 0
    /// When a claim was last judged, and how many edges had been seen by then at least.
    private(set) var judged = Int64.min
    private var seenBefore = 0.0
    /// The last claim that agreed, or that a watch before this one knew, in edges; nil: none.
    private(set) var last: Double?
    private var truth = Truth.unknown

    /// - Parameter last: what a watch before this one knew: a counter that is retained has not gone back since.
    init(wrap: Double = 0, grain: Double = 0, isRetained: Bool = true, silence: Int64 = .max, last: Double? = nil) {
        self.wrap = wrap
        self.grain = grain
        self.isRetained = isRetained
        self.silence = silence
        self.last = last
        if let last, isRetained {
            low = last
            wasTaken = true
        }
    }

    private var wasTaken = false

    private var isTaken: Bool { low.isFinite && high.isFinite }

    /// - Parameters:
    ///   - claim: in edges.
    ///   - seen: edges from the start to as long ago as a claim may be late, and to now; its low end may be without bound.
    ///   - isLost: edges may have been lost since the last claim.
    ///   - isLosing: and may be now.
    mutating func judge(_ claim: Double, seen: ValueSpan, isLost: Bool, isLosing: Bool, at now: Int64) -> Truth {
        if judged == now { return truth }
        let mayHaveStopped = judged > .min && now - judged > silence
        let missed = mayHaveStopped ? max(0, seen.high - seenBefore) : 0
        if isLost || isLosing { high = .infinity }
        low -= missed
        let isOpen = !isTaken || !seen.low.isFinite
        let slack = 1e-6 + 1e-12 * max(abs(claim), abs(seen.high))
        var own = ValueSpan(low: claim - seen.high, high: claim + grain - seen.low)
        if wrap > 0, !isOpen {
            let round = (((low + high) - (own.low + own.high)) / 2 / wrap).rounded() * wrap
            own = ValueSpan(low: own.low + round, high: own.high + round)
        }
        let both = ValueSpan(low: max(low, own.low), high: min(high, own.high))
        if both.low <= both.high + slack {
            if both.low <= both.high { (low, high) = (both.low, isLosing ? .infinity : both.high) }
            if isOpen, isTaken {
                renewed += wasTaken ? 1 : 0
                wasTaken = true
            }
            truth = isOpen ? .unknown : .true
            last = claim
        } else if !isRetained, mayHaveStopped, claim >= -slack, claim <= missed + slack {
            // From 0 on, since its program started again.
            (low, high) = (own.low, own.high)
            renewed += 1
            truth = .true
            last = claim
        } else {
            truth = .false
        }
        judged = now
        seenBefore = seen.low.isFinite ? seen.low : seen.high
        return truth
    }
}
