public import TapCore

/// A quantity over time: a small algebra, of which everything on an analog channel is made. Values are in the SI unit
/// that the scenario says, times count from the start of the run.
public indirect enum AnalogWave: Sendable, Hashable {
    case constant(Double)
    case periodic(Periodic)
    case step(Step)
    /// Gaussian, white: each sample on its own.
    case noise(deviation: Double)
    /// Gaussian, of a power that falls as 1/f over 16 octaves below half of the sample rate.
    case pinkNoise(deviation: Double)
    /// Grows steadily, until it is `limit` away from zero (nil: without end).
    case drift(perSecond: Double, limit: Double?)
    case spikes(Spikes)
    /// `low` or `high` as the wave is, gone to exponentially where there is a time constant.
    case follow(DigitalWave, low: Double, high: Double, timeConstant: Nanoseconds)
    /// A plant's analog signal.
    case signal(String)
    /// See `DigitalWave.named`.
    case named(String, AnalogWave)

    case sum([AnalogWave])
    /// factor x wave + offset.
    case scale(AnalogWave, factor: Double, offset: Double)
    case saturate(AnalogWave, low: Double, high: Double)
    /// Has other values in these spans, which are in order of time and do not overlap.
    case held(AnalogWave, [Hold])
    /// Each span of them on its own: they do not overlap.
    case altered(AnalogWave, [Alteration<Effect>])

    /// With one alteration more, whose span meets no other.
    public func altered(_ alteration: Alteration<Effect>) -> AnalogWave {
        guard case .altered(let wave, let alterations) = self else { return .altered(self, [alteration]) }
        return .altered(wave, alterations + [alteration])
    }

    /// Of an alteration.
    public enum Effect: Sendable, Hashable {
        case stuck(Double)
        case biased(by: Double)
        case scaled(by: Double)
        /// What the wave was this long before; its first value where it was not yet.
        case delayed(Nanoseconds)
        case replaced(AnalogWave)
    }

    public struct Hold: Sendable, Hashable {
        public var from: Nanoseconds
        /// nil: for ever.
        public var to: Nanoseconds?
        /// nil: the value that it had when the span began.
        public var value: Double?

        public init(from: Nanoseconds, to: Nanoseconds?, value: Double?) {
            self.from = from
            self.to = to
            self.value = value
        }
    }
}
