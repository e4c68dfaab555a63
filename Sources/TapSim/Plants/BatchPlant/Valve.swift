import TapCore

/// A pneumatic valve with a spring that closes it, and a switch at either end. It sticks for a moment, then travels evenly.
struct Valve: Sendable {
    /// 0 is closed, 1 open.
    private(set) var position = 0.0
    private(set) var isOpenSwitched = false
    private(set) var isClosedSwitched = true
    /// Its solenoid has voltage.
    private(set) var isWanted = false
    /// It does not pass this position on its way; nil: it does.
    private(set) var stuckAt: Double?
    /// When a switch moves; the end of time if none is about to.
    private(set) var next = UInt64.max
    private let travel_ns: Double
    private var random: Random
    private var movesFrom = UInt64.max
    /// Of a position per nanosecond; below 0 it closes.
    private var rate = 0.0
    private var time: UInt64 = 0

    /// The switches' width at either end.
    private static let end = 0.03
    /// A switch lets go this much further on.
    private static let hysteresis = 0.015

    /// - Parameter travel: of a whole stroke, opening; closing takes 0.9 of it.
    init(travel: Nanoseconds, random: Random) {
        travel_ns = Double(travel.count)
        self.random = random
    }

    /// It is to be closed and does not close.
    var isHeldOpen: Bool { !isWanted && stuckAt != nil && position > 0 }

    mutating func set(_ isOn: Bool, at time: UInt64) {
        guard isOn != isWanted else { return }
        follow(to: time)
        isWanted = isOn
        // Pilot valve and stiction.
        movesFrom = time + UInt64((0.15 + 0.25 * random.unit()) * 1e9)
        let spread = 0.97 + 0.06 * random.unit()
        rate = (isOn ? 1 : -1 / 0.9) / (travel_ns * spread)
        predict()
    }

    mutating func stick(at position: Double?, at time: UInt64) {
        follow(to: time)
        stuckAt = position
        predict()
    }

    /// To where it is at a time.
    mutating func follow(to time: UInt64) {
        defer { self.time = max(self.time, time) }
        let from = max(self.time, movesFrom)
        guard time > from, rate != 0 else { return }
        let goal = limit
        let moved = position + rate * Double(time - from)
        position = rate > 0 ? min(goal, moved) : max(goal, moved)
    }

    /// How far it gets as it is.
    private var limit: Double {
        let end = rate > 0 ? 1.0 : 0.0
        guard let stuckAt else { return end }
        // Only on its way through there.
        return rate > 0 ? (position <= stuckAt ? stuckAt : end) : (position >= stuckAt ? stuckAt : end)
    }

    /// When the next of its switches moves.
    private mutating func predict() {
        next = .max
        guard rate != 0 else { return }
        let goal = limit
        let places: [Double] =
            rate > 0
            ? [isClosedSwitched ? Valve.end + Valve.hysteresis : 2, isOpenSwitched ? 2 : 1 - Valve.end]
            : [isOpenSwitched ? 1 - Valve.end - Valve.hysteresis : 2, isClosedSwitched ? 2 : Valve.end]
        for place in places where place <= 1 && (rate > 0 ? place <= goal : place >= goal) {
            let way = max(0, (place - position) / rate)
            next = min(next, max(time, movesFrom) + UInt64(way))
        }
    }

    /// Moves the switch that is to move at `next`.
    mutating func move() {
        let now = next
        follow(to: now)
        // To rounding, it is at the switch's place.
        let slack = 1e-6
        if rate > 0 {
            if isClosedSwitched, position >= Valve.end + Valve.hysteresis - slack {
                isClosedSwitched = false
            } else if position >= 1 - Valve.end - slack {
                isOpenSwitched = true
            }
        } else {
            if isOpenSwitched, position <= 1 - Valve.end - Valve.hysteresis + slack {
                isOpenSwitched = false
            } else if position <= Valve.end + slack {
                isClosedSwitched = true
            }
        }
        predict()
        // Never twice at one time without a change.
        if next == now { next = now + 1 }
    }
}
