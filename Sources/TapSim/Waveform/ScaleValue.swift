final class ScaleValue: AnalogGenerator {
    private let of: AnalogGenerator
    private let factor: Double
    private let offset: Double

    init(_ of: AnalogGenerator, factor: Double, offset: Double) {
        self.of = of
        self.factor = factor
        self.offset = offset
    }

    override func value(at time: UInt64) -> Double { of.value(at: time) * factor + offset }
}
