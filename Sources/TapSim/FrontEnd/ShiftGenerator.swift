import TapCore

/// Another wave, later by one time.
final class ShiftGenerator: DigitalGenerator {
    private let of: DigitalGenerator
    private let delay: UInt64

    init(_ of: DigitalGenerator, by delay: Nanoseconds) {
        self.of = of
        self.delay = UInt64(delay.count)
        super.init(startsHigh: of.startsHigh)
    }

    override func next(upTo limit: UInt64) -> UInt64 {
        guard limit >= delay else { return DigitalGenerator.none }
        let time = of.next(upTo: limit - delay)
        return time == DigitalGenerator.none ? time : time + delay
    }
}
