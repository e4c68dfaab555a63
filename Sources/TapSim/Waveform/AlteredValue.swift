import TapConfig
import TapCore

/// Another wave, but for one span.
final class AlteredValue: AnalogGenerator {
    private let of: AnalogGenerator
    private let instead: AnalogGenerator
    private let from: UInt64
    private let to: UInt64

    /// - Parameter instead: what is seen in the span.
    init(_ of: AnalogGenerator, _ alteration: Alteration<AnalogWave.Effect>, instead: AnalogGenerator) {
        self.of = of
        self.instead = instead
        from = UInt64(alteration.from.count)
        to = alteration.to.map { UInt64($0.count) } ?? .max
    }

    override func value(at time: UInt64) -> Double {
        // Both are asked even where they are not shown: what they draw depends on nothing else.
        let value = of.value(at: time)
        let other = instead.value(at: time)
        return from <= time && time < to ? other : value
    }
}
