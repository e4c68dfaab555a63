import TapConfig
import TapCore

/// Makes generators of waves.
///
/// The random streams of a wave are named by its wire and its place in it, and those of a named wave by that name: what
/// one wire draws changes nothing on another, and a named wave is the same on every wire.
struct WaveBuilder {
    let seed: UInt64
    /// nil: there is no plant.
    let feed: PlantFeed?

    func digital(_ wave: DigitalWave, _ stream: String) -> DigitalGenerator {
        switch wave {
        case .constant(let isHigh): return ConstantGenerator(startsHigh: isHigh)
        case .pulses(let train): return PulseGenerator(train, jitter: (seed, Random.digest(stream)))
        case .changes(let times, let startsHigh):
            return ChangeGenerator(times.map { UInt64($0.count) }, startsHigh: startsHigh)
        case .pwm(let period, let phase, let duty):
            return PWMGenerator(period: period, phase: phase, duty: analog(duty, stream + "/duty"))
        case .encoder(let track): return EncoderGenerator(track)
        case .chance(let interval, let width):
            return ChanceGenerator(meanInterval: interval, width: width, random: random(stream))
        case .serial(let talk): return SerialGenerator(talk)
        case .signal(let name): return feed?.digital(name) ?? ConstantGenerator(startsHigh: false)
        case .named(let name, let wave): return digital(wave, "wave " + name)
        case .combine(let rule, let parts):
            return CombineGenerator(rule, parts.enumerated().map { digital($1, "\(stream)/\($0)") })
        case .invert(let of): return InvertGenerator(digital(of, stream + "/of"))
        case .delay(let of, let delay):
            let of = digital(of, stream + "/of")
            return delay.on == delay.off && delay.minimum == .zero
                ? ShiftGenerator(of, by: delay.on) : DelayGenerator(of, delay)
        case .bounce(let of, let bounce):
            return BounceGenerator(digital(of, stream + "/of"), bounce, random: random(stream))
        case .filter(let of, let filter): return FilterGenerator(digital(of, stream + "/of"), filter)
        case .missing(let of, let choice):
            return MissingGenerator(digital(of, stream + "/of"), PulseChoice(choice, seed: seed, stream: stream))
        case .extra(let of, let choice, let after, let width):
            return extra(of, choice, after, width, stream)
        case .altered(let of, let alterations): return altered(of, alterations, stream)
        }
    }

    /// Outside of the spans bit for bit the wave itself: its streams are those that it has without.
    private func altered(
        _ of: DigitalWave, _ alterations: [Alteration<DigitalWave.Effect>], _ stream: String
    ) -> DigitalGenerator {
        var result = digital(of, stream)
        for (index, alteration) in alterations.enumerated() {
            let other: DigitalGenerator =
                switch alteration.effect {
                case .stuck(let isHigh): ConstantGenerator(startsHigh: isHigh)
                case .inverted: InvertGenerator(digital(of, stream))
                case .delayed(let by): ShiftGenerator(digital(of, stream), by: by)
                case .replaced(let wave): digital(wave, "\(stream)/altered \(index)")
                }
            func window() -> DigitalGenerator {
                digital(.window(from: alteration.from, to: alteration.to), stream)
            }
            result = CombineGenerator(
                .or,
                [
                    CombineGenerator(.and, [result, InvertGenerator(window())]),
                    CombineGenerator(.and, [other, window()]),
                ])
        }
        return result
    }

    /// The wave and its additional pulses, which go the same way as its own.
    private func extra(
        _ of: DigitalWave, _ choice: DigitalWave.Choice, _ after: Nanoseconds, _ width: Nanoseconds, _ stream: String
    ) -> DigitalGenerator {
        let choice = PulseChoice(choice, seed: seed, stream: stream)
        let base = digital(of, stream + "/of")
        let more = FollowingGenerator(digital(of, stream + "/of"), choice, after: after, width: width)
        return base.startsHigh
            ? CombineGenerator(.and, [base, InvertGenerator(more)]) : CombineGenerator(.or, [base, more])
    }

    func analog(_ wave: AnalogWave, _ stream: String) -> AnalogGenerator {
        switch wave {
        case .constant(let value): ConstantValue(value)
        case .periodic(let wave): PeriodicValue(wave)
        case .step(let step): StepValue(step)
        case .noise(let deviation): NoiseValue(deviation: deviation, random: random(stream))
        case .pinkNoise(let deviation): PinkNoiseValue(deviation: deviation, random: random(stream))
        case .drift(let perSecond, let limit): DriftValue(perSecond: perSecond, limit: limit)
        case .spikes(let spikes): SpikeValue(spikes, random: random(stream))
        case .follow(let of, let low, let high, let constant):
            FollowValue(digital(of, stream + "/of"), low: low, high: high, timeConstant: constant)
        case .signal(let name): feed?.analog(name) ?? ConstantValue(0)
        case .named(let name, let wave): analog(wave, "wave " + name)
        case .sum(let parts): SumValue(parts.enumerated().map { analog($1, "\(stream)/\($0)") })
        case .scale(let of, let factor, let offset):
            ScaleValue(analog(of, stream + "/of"), factor: factor, offset: offset)
        case .saturate(let of, let low, let high): SaturateValue(analog(of, stream + "/of"), low: low, high: high)
        case .held(let of, let holds): HeldValue(analog(of, stream + "/of"), holds)
        case .altered(let of, let alterations): altered(of, alterations, stream)
        }
    }

    /// As for digital waves.
    private func altered(
        _ of: AnalogWave, _ alterations: [Alteration<AnalogWave.Effect>], _ stream: String
    ) -> AnalogGenerator {
        var result = analog(of, stream)
        for (index, alteration) in alterations.enumerated() {
            let other: AnalogGenerator =
                switch alteration.effect {
                case .stuck(let value): ConstantValue(value)
                case .biased(let bias): ScaleValue(analog(of, stream), factor: 1, offset: bias)
                case .scaled(let factor): ScaleValue(analog(of, stream), factor: factor, offset: 0)
                case .delayed(let by): DelayedValue(analog(of, stream), by: by)
                case .replaced(let wave): analog(wave, "\(stream)/altered \(index)")
                }
            result = AlteredValue(result, alteration, instead: other)
        }
        return result
    }

    private func random(_ stream: String) -> Random { Random(seed: seed, stream: stream) }
}
