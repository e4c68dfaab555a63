import TapCore

/// One of two values, as a digital wave is, gone to exponentially.
final class FollowValue: AnalogGenerator {
    private var of: TransitionCursor
    private let low: Double
    private let high: Double
    private let timeConstant: Double
    /// The value at `time`.
    private var reached: Double
    private var time: UInt64 = 0

    init(_ of: DigitalGenerator, low: Double, high: Double, timeConstant: Nanoseconds) {
        self.of = TransitionCursor(of)
        self.low = low
        self.high = high
        self.timeConstant = Double(timeConstant.count)
        reached = of.startsHigh ? high : low
    }

    override func value(at time: UInt64) -> Double {
        while true {
            let change = of.peek(upTo: time)
            guard change != DigitalGenerator.none else { break }
            reached = value(after: change)
            self.time = change
            of.take()
        }
        return value(after: time)
    }

    private func value(after time: UInt64) -> Double {
        let target = of.isHigh ? high : low
        guard timeConstant > 0 else { return target }
        return target + (reached - target) * Elementary.exp(-Double(time - self.time) / timeConstant)
    }
}
