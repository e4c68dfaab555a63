/// The least and greatest value of a signal over any part of its recent past, in a memory of fixed size.
///
/// Kept by slots of time: a hull may be wider than asked for by a slot at either end, never narrower.
struct SignalHull: Sendable {
    private let slot: UInt64
    private var lows: [Double]
    private var highs: [Double]
    /// The slot of the present.
    private var newest: UInt64 = 0
    private var time: UInt64 = 0
    private var value: Double

    /// Slots in which a past is kept.
    private static let count = 160

    /// - Parameter past: how far back it is asked for.
    init(_ first: Double, past: UInt64) {
        slot = max(1, past / UInt64(SignalHull.count - 2) + 1)
        value = first
        lows = Array(repeating: first, count: SignalHull.count)
        highs = lows
    }

    /// The signal goes to a value in a straight line.
    mutating func go(to next: Double, at end: UInt64) {
        let (begin, before) = (time, value)
        while (newest + 1) * slot <= end {
            let edge = (newest + 1) * slot
            let share = end > begin ? Double(edge - begin) / Double(end - begin) : 1
            let between = before + (next - before) * share
            widen(between)
            open(with: between)
        }
        widen(next)
        (time, value) = (max(time, end), next)
    }

    /// The signal stays as it is until a time.
    mutating func stay(until end: UInt64) { go(to: value, at: end) }

    /// The signal stays, and is another at a time.
    mutating func jump(to next: Double, at end: UInt64) {
        stay(until: end)
        value = next
        widen(next)
    }

    private mutating func open(with value: Double) {
        newest += 1
        let place = Int(newest % UInt64(SignalHull.count))
        (lows[place], highs[place]) = (value, value)
    }

    private mutating func widen(_ value: Double) {
        let place = Int(newest % UInt64(SignalHull.count))
        lows[place] = min(lows[place], value)
        highs[place] = max(highs[place], value)
    }

    /// Of the signal between two times.
    func bounds(from begin: UInt64, to end: UInt64) -> (low: Double, high: Double) {
        let oldest = newest >= UInt64(SignalHull.count) ? newest - UInt64(SignalHull.count) + 1 : 0
        let first = max(oldest, begin / slot)
        let last = min(newest, end / slot)
        var (low, high) = (Double.infinity, -Double.infinity)
        var number = first
        while number <= last {
            let place = Int(number % UInt64(SignalHull.count))
            low = min(low, lows[place])
            high = max(high, highs[place])
            number += 1
        }
        return (low, high)
    }
}
