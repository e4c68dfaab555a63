import TapConfig
import TapCore

/// Another wave, but for one span.
final class AlteredValue: AnalogGenerator {
    private let of: AnalogGenerator
    /// nil: the wave itself, scaled and biased.
    private let instead: AnalogGenerator?
    private let factor: Double
    private let bias: Double
    private let from: UInt64
    private let to: UInt64

    /// - Parameter instead: makes the generator of a wave that is played in place of this one.
    init(_ of: AnalogGenerator, _ alteration: AnalogAlteration, instead: (AnalogWave) -> AnalogGenerator) {
        self.of = of
        from = UInt64(alteration.from.count)
        to = alteration.to.map { UInt64($0.count) } ?? .max
        switch alteration.effect {
        case .stuck(let value): (self.instead, factor, bias) = (ConstantValue(value), 1, 0)
        case .biased(let bias): (self.instead, factor, self.bias) = (nil, 1, bias)
        case .scaled(let factor): (self.instead, self.factor, bias) = (nil, factor, 0)
        case .replaced(let wave): (self.instead, factor, bias) = (instead(wave), 1, 0)
        }
    }

    override func value(at time: UInt64) -> Double {
        // Both are asked even where they are not shown: what they draw hangs on nothing else.
        let value = of.value(at: time)
        let other = instead?.value(at: time) ?? factor * value + bias
        return from <= time && time < to ? other : value
    }
}
