final class SumValue: AnalogGenerator {
    private let parts: [AnalogGenerator]
    init(_ parts: [AnalogGenerator]) { self.parts = parts }

    override func value(at time: UInt64) -> Double {
        var sum = 0.0
        for part in parts { sum += part.value(at: time) }
        return sum
    }
}
