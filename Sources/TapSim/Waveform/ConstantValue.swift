final class ConstantValue: AnalogGenerator {
    private let value: Double
    init(_ value: Double) { self.value = value }
    override func value(at time: UInt64) -> Double { value }
}
