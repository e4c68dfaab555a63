import TapConfig

/// How far a curve is from what it is in another run.
struct Departure: Sendable {
    /// When it is first farther off than its accuracy; the end of time: never.
    private(set) var since = UInt64.max
    /// The most that it is off by.
    private(set) var most = 0.0
    let accuracy: Double

    init(accuracy: Double) { self.accuracy = accuracy }

    /// Compares all knots of both, which begin at one time, before a limit.
    mutating func take(_ mine: [Signals.Knot], _ other: [Signals.Knot], before limit: UInt64) {
        guard mine != other else { return }
        var (left, right) = (Course(mine), Course(other))
        var time = min(left.next, right.next)
        while time < limit {
            let difference = abs(left.value(at: time) - right.value(at: time))
            most = max(most, difference)
            if difference > accuracy { since = min(since, time) }
            time = min(left.next, right.next)
        }
    }

    /// Knots, and the straight lines between them.
    private struct Course {
        private let knots: [Signals.Knot]
        private var place = 0

        init(_ knots: [Signals.Knot]) { self.knots = knots }

        /// Of the next knot; the end of time: there is none.
        var next: UInt64 { place < knots.count ? knots[place].time : .max }

        /// Goes on behind knots of that time, which is not after the next one.
        mutating func value(at time: UInt64) -> Double {
            while next <= time { place += 1 }
            guard place > 0 else { return knots.first?.magnitude ?? 0 }
            let before = knots[place - 1]
            guard place < knots.count, before.time < time else { return before.magnitude }
            let share = Double(time - before.time) / Double(knots[place].time - before.time)
            return before.magnitude + (knots[place].magnitude - before.magnitude) * share
        }
    }
}

extension Signals.Knot {
    /// What a meter shows: the value, or the effective one of an alternating signal.
    var magnitude: Double {
        amplitude == 0 ? value : (value * value + amplitude * amplitude / 2).squareRoot()
    }
}
