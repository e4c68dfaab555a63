public import TapCore

/// A level over time: a small algebra, of which everything a digital wire does is made.
///
/// Times count from the start of the run. A change that falls on time zero is part of the first level.
public indirect enum DigitalWave: Sendable, Hashable {
    case constant(isHigh: Bool)
    case pulses(PulseTrain)
    /// Changes at these times, which grow.
    case changes([Nanoseconds], startsHigh: Bool)
    /// One pulse each period; its share of it is what `duty`, 0 to 1, is when it begins.
    case pwm(period: Nanoseconds, phase: Nanoseconds, duty: AnalogWave)
    case encoder(EncoderTrack)
    /// Pulses that come by chance: the time from the end of one to the next is exponentially distributed.
    case chance(meanInterval: Nanoseconds, width: Nanoseconds)
    case serial(SerialTalk)
    /// A plant's digital signal.
    case signal(String)
    /// A wave with a name is one wave however often it is used: its chance falls the same everywhere.
    case named(String, DigitalWave)

    case invert(DigitalWave)
    case delay(DigitalWave, Delay)
    case combine(Combination, [DigitalWave])
    case bounce(DigitalWave, Bounce)
    /// Without some of its pulses, which are what departs from its first level.
    case missing(DigitalWave, Choice)
    /// With a pulse of `width` more, `after` the end of some of its pulses.
    case extra(DigitalWave, Choice, after: Nanoseconds, width: Nanoseconds)
    case filter(DigitalWave, RCFilter)
    /// Each span of them on its own: they do not overlap.
    case altered(DigitalWave, [Alteration<Effect>])

    /// Of an alteration.
    public enum Effect: Sendable, Hashable {
        case stuck(isHigh: Bool)
        case inverted
        /// What the wave was this long before; its first level where it was not yet.
        case delayed(Nanoseconds)
        case replaced(DigitalWave)
    }

    public enum Combination: String, Sendable, Hashable, CaseIterable {
        /// High where all are.
        case and
        /// High where any is.
        case or
        /// High where an odd number is.
        case xor
    }

    /// Which pulses, counted from 1.
    public enum Choice: Sendable, Hashable {
        case numbers([Int])
        case every(Int)
        /// Each by chance, with this probability.
        case share(Double)
    }

    /// With one alteration more, whose span meets no other.
    public func altered(_ alteration: Alteration<Effect>) -> DigitalWave {
        guard case .altered(let wave, let alterations) = self else { return .altered(self, [alteration]) }
        return .altered(wave, alterations + [alteration])
    }

    /// High from `from` until `to`, or for ever.
    public static func window(from: Nanoseconds, to: Nanoseconds?) -> DigitalWave {
        .changes(from == .zero ? (to.map { [$0] } ?? []) : [from] + (to.map { [$0] } ?? []), startsHigh: from == .zero)
    }
}
