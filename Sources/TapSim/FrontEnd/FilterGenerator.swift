import TapConfig
import TapCore

/// A resistor, a capacitor and a comparator: the exact times at which the exponential passes the thresholds. A pulse
/// that does not reach the other threshold vanishes, and leaves the capacitor a little charged for the next.
final class FilterGenerator: DigitalGenerator {
    private var of: TransitionCursor
    private let timeConstant: Double
    private let low: Double
    private let high: Double
    private var isHigh: Bool
    /// Of the capacitor, as a share of the swing, at `time`.
    private var voltage: Double
    private var time: UInt64 = 0
    /// When it passes the threshold, if the input stays as it is; `none`: never.
    private var crossing = DigitalGenerator.none

    init(_ of: DigitalGenerator, _ filter: RCFilter) {
        self.of = TransitionCursor(of)
        timeConstant = Double(filter.timeConstant.count)
        low = filter.low
        high = filter.high
        isHigh = of.startsHigh
        voltage = isHigh ? 1 : 0
        super.init(startsHigh: isHigh)
    }

    override func next(upTo limit: UInt64) -> UInt64 {
        while true {
            let change = of.peek(upTo: limit)
            if crossing <= change, crossing <= limit {
                let due = crossing
                isHigh.toggle()
                crossing = DigitalGenerator.none
                return due
            }
            guard change != DigitalGenerator.none else { return change }
            let target = of.isHigh ? 1.0 : 0
            voltage = target + (voltage - target) * Elementary.exp(-Double(change - time) / timeConstant)
            time = change
            of.take()
            crossing = nextCrossing()
        }
    }

    private func nextCrossing() -> UInt64 {
        guard of.isHigh != isHigh else { return DigitalGenerator.none }
        // From where it is to the threshold, as shares of what is left to go.
        let ratio = of.isHigh ? (1 - voltage) / (1 - high) : voltage / low
        guard ratio > 1 else { return time + 1 }
        return time + UInt64(max(1, (timeConstant * Elementary.log(ratio)).rounded(.up)))
    }
}
