/// Whether a channel is trusted: not from a step on that nothing physical makes, until one comes back, or a person says so.
///
/// A step lasts as long as the value differs from one of the last second by more than it can have changed since. Of fixed size;
/// constant work for a scan in the mean, no allocation after birth.
struct StepGuard: Sendable {
    /// How far two values may be apart that are the same.
    let slack: Double
    /// The fastest plausible change, a nanosecond.
    let fastest: Double
    /// How near to the last trusted value a step must come back.
    let back: Double
    private let start: Int64
    private var hull: SlidingHull
    private(set) var isTrusted = true
    /// The last trusted value, and when that was; nil: none was yet, or a person has said that what comes is right.
    private(set) var home: Double?
    private var homeTime: Int64
    private var last = 0.0
    private var isStepping = false
    /// How far away from home the value was when the step began; zero: it was at home.
    private var from = 0.0
    /// A person has said that what comes after it is right.
    private var saidAt: Int64?

    /// - Parameter home: nil: it is trusted; otherwise the last trusted value of a watch before this one, which did not trust it.
    init(slack: Double, fastest: Double, back: Double, start: Int64, home: Double? = nil) {
        self.slack = slack
        self.fastest = fastest
        self.back = back
        self.start = start
        self.home = home
        homeTime = start
        isTrusted = home == nil
        hull = SlidingHull(window: 1_000_000_000, start: start)
    }

    /// What comes after that instant is right.
    mutating func trust(at time: Int64) { saidAt = time }

    /// Nobody knows what it is from then on.
    mutating func lose(at now: Int64) { hull.push(.unknown, at: now) }

    /// - Parameters:
    ///   - value: of a scan, in the SI's base.
    ///   - isMeasured: the transmitter does not signal a failure.
    /// - Returns: whether it is trusted.
    mutating func take(_ value: Double, isMeasured: Bool, at now: Int64) -> Bool {
        if let said = saidAt, now > said {
            (isTrusted, isStepping, home, saidAt) = (true, false, nil, nil)
        }
        guard value.isFinite else {
            hull.push(.unknown, at: now)
            return isTrusted
        }
        let way = fastest * Double(now - start)
        let past = hull.hull(at: now)
        let isStep = past.isKnown && (value - way - past.low > slack || past.high - (value + way) > slack)
        hull.push(ValueSpan(low: value - way, high: value + way), at: now)
        if isTrusted {
            watch(value, isStep: isStep, isMeasured: isMeasured, at: now)
        } else {
            wait(value, isStep: isStep, isMeasured: isMeasured, at: now)
        }
        last = value
        return isTrusted
    }

    private mutating func watch(_ value: Double, isStep: Bool, isMeasured: Bool, at now: Int64) {
        if !isStep, isMeasured {
            (home, homeTime) = (value, now)
        } else if home != nil {
            (isTrusted, isStepping, from) = (false, isStep, 0)
        }
    }

    private mutating func wait(_ value: Double, isStep: Bool, isMeasured: Bool, at now: Int64) {
        let home = home ?? value
        if isStep {
            if !isStepping { from = abs(last - home) }
            isStepping = true
        } else if isStepping {
            isStepping = false
            let away = abs(value - home)
            let isBack = from > 0 ? away <= back && away + slack < from : away <= min(back, reach(at: now))
            guard isMeasured, isBack else { return }
            (isTrusted, self.home, homeTime) = (true, value, now)
        }
    }

    /// How far away a value may be without a step.
    private func reach(at now: Int64) -> Double { slack + fastest * Double(now - homeTime) }
}
