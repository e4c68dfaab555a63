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

    /// High from `from` until `to`, or for ever.
    public static func window(from: Nanoseconds, to: Nanoseconds?) -> DigitalWave {
        .changes(from == .zero ? (to.map { [$0] } ?? []) : [from] + (to.map { [$0] } ?? []), startsHigh: from == .zero)
    }
}

/// Periodic pulses: in each period `pulses` of `width`, one each `spacing`, the first at `phase`.
public struct PulseTrain: Sendable, Hashable {
    public var phase: Nanoseconds
    public var period: Nanoseconds
    public var pulses: Int
    public var width: Nanoseconds
    /// Above `width`.
    public var spacing: Nanoseconds
    /// Pulses are low, and it is high between them.
    public var isInverted: Bool
    /// Standard deviation of each pulse's place about its own; less than half of the shortest pause, where it is cut.
    public var jitter: Nanoseconds
    /// How many trains there are; nil: for ever.
    public var trains: Int?

    public init(
        phase: Nanoseconds = .zero, period: Nanoseconds, pulses: Int = 1, width: Nanoseconds,
        spacing: Nanoseconds? = nil, isInverted: Bool = false, jitter: Nanoseconds = .zero, trains: Int? = nil
    ) {
        self.phase = phase
        self.period = period
        self.pulses = pulses
        self.width = width
        self.spacing = spacing ?? period
        self.isInverted = isInverted
        self.jitter = jitter
        self.trains = trains
    }

    /// Between the end of one pulse and the begin of the next.
    public var shortestPause: Nanoseconds {
        if trains == 1 { return pulses == 1 ? Nanoseconds(.max) : spacing - width }
        let rest = period - spacing * Int64(pulses - 1) - width
        return pulses == 1 ? rest : min(rest, spacing - width)
    }
}

/// One track of a quadrature encoder. Track B is a quarter of a period behind A while it turns forwards.
public struct EncoderTrack: Sendable, Hashable {
    public enum Track: String, Sendable, Hashable, CaseIterable { case a, b }
    public var track: Track
    /// Of one track, at the encoder's speed.
    public var period: Nanoseconds
    /// When the direction changes, in order of time; then each `turnEvery` after the last, or after zero.
    public var turns: [Nanoseconds]
    public var turnEvery: Nanoseconds?

    public init(_ track: Track, period: Nanoseconds, turns: [Nanoseconds] = [], turnEvery: Nanoseconds? = nil) {
        self.track = track
        self.period = period
        self.turns = turns
        self.turnEvery = turnEvery
    }
}

/// Changes come later, rising ones by `on` and falling ones by `off`; a pulse that this leaves no length, or that is
/// shorter than `minimum`, vanishes, be it high or low.
public struct Delay: Sendable, Hashable {
    public var on: Nanoseconds
    public var off: Nanoseconds
    /// Not above the shorter of the two delays.
    public var minimum: Nanoseconds

    public init(on: Nanoseconds, off: Nanoseconds, minimum: Nanoseconds = .zero) {
        self.on = on
        self.off = off
        self.minimum = minimum
    }
}

/// A contact that bounces: after each change it opens and closes for an exponentially distributed time.
///
/// The defaults follow J. Ganssle, "A Guide to Debouncing" (2004, 2008), who measured switches: 1.6 ms on average, 6.2 ms
/// at the longest, but for what he calls outliers.
public struct Bounce: Sendable, Hashable {
    /// Mean of how long it bounces.
    public var mean: Nanoseconds
    /// Where the distribution is cut.
    public var longest: Nanoseconds
    /// Mean time between two changes while it bounces.
    public var spacing: Nanoseconds

    public static let measuredMean = Nanoseconds.microseconds(1_557)
    public static let measuredLongest = Nanoseconds.microseconds(6_200)

    public init(
        mean: Nanoseconds = Bounce.measuredMean, longest: Nanoseconds = Bounce.measuredLongest,
        spacing: Nanoseconds = .microseconds(150)
    ) {
        self.mean = mean
        self.longest = longest
        self.spacing = spacing
    }
}

/// A resistor and a capacitor before a comparator with two thresholds, as shares of the swing.
public struct RCFilter: Sendable, Hashable {
    public var timeConstant: Nanoseconds
    /// Falls below it: low. Above 0 and not above `high`.
    public var low: Double
    /// Rises above it: high. Below 1.
    public var high: Double

    public init(timeConstant: Nanoseconds, low: Double, high: Double) {
        self.timeConstant = timeConstant
        self.low = low
        self.high = high
    }
}
