import TapConfig
import TapCore

/// The values of one analog wave, asked in order of time. Used by one thread at a time; nothing is allocated once it
/// runs.
class AnalogGenerator {
    /// - Parameter time: nanoseconds of virtual time, not before the last one asked. Random waves draw once each call.
    func value(at time: UInt64) -> Double { 0 }
}

final class ConstantValue: AnalogGenerator {
    private let value: Double
    init(_ value: Double) { self.value = value }
    override func value(at time: UInt64) -> Double { value }
}

final class PeriodicValue: AnalogGenerator {
    private let wave: Periodic
    private let period: UInt64
    /// Added to a time, so that its period begins where the phase says.
    private let shift: UInt64

    init(_ wave: Periodic) {
        self.wave = wave
        period = UInt64(max(1, wave.period.count))
        shift = (period - UInt64(wave.phase.count) % period) % period
    }

    override func value(at time: UInt64) -> Double {
        let turns = Double((time + shift) % period) / Double(period)
        switch wave.shape {
        case .sine: return wave.offset + wave.amplitude * Sine.ofTurns(turns)
        case .ramp: return wave.offset + wave.amplitude * (2 * turns - 1)
        case .triangle: return wave.offset + wave.amplitude * (turns < 0.5 ? 4 * turns - 1 : 3 - 4 * turns)
        case .square(let duty): return wave.offset + (turns < duty ? wave.amplitude : -wave.amplitude)
        }
    }
}

/// A step, and what a system of first or second order makes of it.
final class StepValue: AnalogGenerator {
    private let step: Step
    private let at: UInt64

    init(_ step: Step) {
        self.step = step
        at = UInt64(step.at.count)
    }

    override func value(at time: UInt64) -> Double {
        guard time >= at else { return step.from }
        return step.from + (step.to - step.from) * StepValue.answer(step.response, after: Double(time - at))
    }

    /// The answer to a unit step.
    ///
    /// - Parameter span: since the step, in nanoseconds.
    static func answer(_ response: Step.Response, after span: Double) -> Double {
        switch response {
        case .none: return 1
        case .first(let constant): return 1 - Elementary.exp(-span / Double(constant.count))
        case .second(let period, let damping):
            // In turns of the undamped oscillation, and its angle.
            let turns = span / Double(period.count)
            let angle = 6.283185307179586 * turns
            if damping < 1 {
                let rest = (1 - damping * damping).squareRoot()
                let decay = Elementary.exp(-damping * angle)
                return 1 - decay * (Sine.ofTurns(rest * turns + 0.25) + damping / rest * Sine.ofTurns(rest * turns))
            }
            if damping == 1 { return 1 - Elementary.exp(-angle) * (1 + angle) }
            // Two real poles.
            let root = (damping * damping - 1).squareRoot()
            let (slow, fast) = (damping - root, damping + root)
            return 1
                - (fast * Elementary.exp(-slow * angle) - slow * Elementary.exp(-fast * angle)) / (2 * root)
        }
    }
}

final class DriftValue: AnalogGenerator {
    private let perSecond: Double
    private let limit: Double

    init(perSecond: Double, limit: Double?) {
        self.perSecond = perSecond
        self.limit = limit ?? .infinity
    }

    override func value(at time: UInt64) -> Double { max(-limit, min(perSecond * (Double(time) / 1e9), limit)) }
}

/// One of two values, as a digital wave is, gone to exponentially.
final class FollowValue: AnalogGenerator {
    private var of: TransitionCursor
    private let low: Double
    private let high: Double
    private let timeConstant: Double
    /// The value at `time`.
    private var reached: Double
    private var time: UInt64 = 0

    init(_ of: DigitalGenerator, low: Double, high: Double, timeConstant: Nanoseconds) {
        self.of = TransitionCursor(of)
        self.low = low
        self.high = high
        self.timeConstant = Double(timeConstant.count)
        reached = of.startsHigh ? high : low
    }

    override func value(at time: UInt64) -> Double {
        while true {
            let change = of.peek(upTo: time)
            guard change != DigitalGenerator.none else { break }
            reached = value(after: change)
            self.time = change
            of.take()
        }
        return value(after: time)
    }

    private func value(after time: UInt64) -> Double {
        let target = of.isHigh ? high : low
        guard timeConstant > 0 else { return target }
        return target + (reached - target) * Elementary.exp(-Double(time - self.time) / timeConstant)
    }
}

// MARK: Of other waves

final class SumValue: AnalogGenerator {
    private let parts: [AnalogGenerator]
    init(_ parts: [AnalogGenerator]) { self.parts = parts }

    override func value(at time: UInt64) -> Double {
        var sum = 0.0
        for part in parts { sum += part.value(at: time) }
        return sum
    }
}

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

/// Another wave, but for some spans.
final class HeldValue: AnalogGenerator {
    private let of: AnalogGenerator
    private let holds: [AnalogWave.Hold]
    private var index = 0
    private var frozen: Double?

    init(_ of: AnalogGenerator, _ holds: [AnalogWave.Hold]) {
        self.of = of
        self.holds = holds
    }

    override func value(at time: UInt64) -> Double {
        // Asked even where it is not shown: what it draws hangs on nothing else.
        let value = of.value(at: time)
        while index < holds.count, let to = holds[index].to, UInt64(to.count) <= time {
            index += 1
            frozen = nil
        }
        guard index < holds.count, UInt64(holds[index].from.count) <= time else { return value }
        if let held = holds[index].value { return held }
        if frozen == nil { frozen = value }
        return frozen ?? value
    }
}
