public import TapCore

/// A quantity over time: a small algebra, of which everything on an analog channel is made. Values are in the SI unit
/// that the scenario says, times count from the start of the run.
public indirect enum AnalogWave: Sendable, Hashable {
    case constant(Double)
    case periodic(Periodic)
    case step(Step)
    /// Gaussian, white: each sample by itself.
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

/// offset + amplitude x a shape between -1 and 1.
public struct Periodic: Sendable, Hashable {
    public enum Shape: Sendable, Hashable {
        case sine
        /// Rises from -1 to 1 and falls back at once.
        case ramp
        /// Rises from -1 to 1 in the first half of its period, and falls in the second.
        case triangle
        /// 1 for a share of its period, -1 for the rest.
        case square(duty: Double)
    }
    public var shape: Shape
    public var offset: Double
    public var amplitude: Double
    public var period: Nanoseconds
    /// How much later its periods begin.
    public var phase: Nanoseconds

    public init(
        _ shape: Shape, offset: Double = 0, amplitude: Double, period: Nanoseconds, phase: Nanoseconds = .zero
    ) {
        self.shape = shape
        self.offset = offset
        self.amplitude = amplitude
        self.period = period
        self.phase = phase
    }
}

/// From one value to another, at once or as a system of first or second order answers.
public struct Step: Sendable, Hashable {
    public enum Response: Sendable, Hashable {
        case none
        case first(timeConstant: Nanoseconds)
        /// - Parameters:
        ///   - period: of the undamped oscillation.
        ///   - damping: the damping ratio: below 1 it overshoots.
        case second(period: Nanoseconds, damping: Double)
    }
    public var from: Double
    public var to: Double
    public var at: Nanoseconds
    public var response: Response

    public init(from: Double, to: Double, at: Nanoseconds, response: Response = .none) {
        self.from = from
        self.to = to
        self.at = at
        self.response = response
    }
}

/// Spikes by chance, up or down, that decay exponentially.
public struct Spikes: Sendable, Hashable {
    public var amplitude: Double
    public var meanInterval: Nanoseconds
    /// Time constant of the decay.
    public var decay: Nanoseconds

    public init(amplitude: Double, meanInterval: Nanoseconds, decay: Nanoseconds) {
        self.amplitude = amplitude
        self.meanInterval = meanInterval
        self.decay = decay
    }
}
