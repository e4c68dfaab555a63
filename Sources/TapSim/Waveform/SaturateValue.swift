final class SaturateValue: AnalogGenerator {
    private let of: AnalogGenerator
    private let low: Double
    private let high: Double

    init(_ of: AnalogGenerator, low: Double, high: Double) {
        self.of = of
        self.low = low
        self.high = high
    }

    override func value(at time: UInt64) -> Double { max(low, min(of.value(at: time), high)) }
}
