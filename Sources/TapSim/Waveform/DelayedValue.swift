import TapCore

/// Another wave, later by one time; before that its first value.
final class DelayedValue: AnalogGenerator {
    private let of: AnalogGenerator
    private let delay: UInt64
    private var first: Double?

    init(_ of: AnalogGenerator, by delay: Nanoseconds) {
        self.of = of
        self.delay = UInt64(delay.count)
    }

    override func value(at time: UInt64) -> Double {
        // Drawn once, so that a wave of chance is asked as often as the one that is not delayed.
        let first = self.first ?? of.value(at: 0)
        self.first = first
        return time <= delay ? first : of.value(at: time - delay)
    }
}
