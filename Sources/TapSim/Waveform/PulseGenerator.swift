import TapConfig
import TapCore

/// Periodic pulses, with or without jitter.
final class PulseGenerator: DigitalGenerator {
    private var walk: PulseWalk

    /// - Parameter jitter: the seed and stream of the pulses' random places.
    init(_ train: PulseTrain, jitter: (seed: UInt64, stream: UInt64)) {
        var walk = PulseWalk(train, jitter)
        var startsHigh = train.isInverted
        while walk.time == 0 {
            startsHigh.toggle()
            walk.advance()
        }
        self.walk = walk
        super.init(startsHigh: startsHigh)
    }

    override func next(upTo limit: UInt64) -> UInt64 { walk.next(upTo: limit) }
}

/// A place in a pulse train.
private struct PulseWalk {
    /// Of the next transition; `DigitalGenerator.none`: none follows.
    private(set) var time: UInt64

    private let period: UInt64
    private let spacing: UInt64
    private let width: UInt64
    private let pulses: Int
    private var trainsLeft: Int
    /// Where the present train and pulse begin, without jitter.
    private var train: UInt64
    private var begin: UInt64
    /// Within the train.
    private var pulse = 0
    private var isInPulse = false
    private var jitter: Jitter?

    private struct Jitter {
        var seed: UInt64
        var stream: UInt64
        var deviation: Double
        /// No pulse is moved farther, so that their order stays.
        var most: Double
        /// Of the present pulse, of all trains.
        var number: UInt64 = 0
        var shift: Int64 = 0

        mutating func draw() {
            let shift = deviation * Random.gaussian(at: number, seed: seed, stream: stream)
            self.shift = Int64(max(-most, min(shift, most)).rounded())
            number &+= 1
        }
    }

    init(_ train: PulseTrain, _ jitter: (seed: UInt64, stream: UInt64)) {
        period = UInt64(train.period.count)
        spacing = UInt64(train.spacing.count)
        width = UInt64(train.width.count)
        pulses = train.pulses
        trainsLeft = train.trains ?? .max
        self.train = UInt64(train.phase.count)
        begin = self.train
        time = begin
        guard train.jitter > .zero else { return }
        self.jitter = Jitter(
            seed: jitter.seed, stream: jitter.stream, deviation: Double(train.jitter.count),
            most: Double(max(0, train.shortestPause.count - 1) / 2))
        self.jitter?.draw()
        time = shifted()
    }

    /// The present pulse's begin, jitter and all.
    private func shifted() -> UInt64 {
        guard let jitter else { return begin }
        return UInt64(max(0, Int64(begin) + jitter.shift))
    }

    @inline(__always)
    mutating func next(upTo limit: UInt64) -> UInt64 {
        let due = time
        guard due <= limit else { return DigitalGenerator.none }
        advance()
        return due
    }

    @inline(__always)
    mutating func advance() {
        isInPulse.toggle()
        if isInPulse {
            time &+= width
            return
        }
        pulse += 1
        if pulse < pulses {
            begin &+= spacing
        } else {
            pulse = 0
            train &+= period
            begin = train
            trainsLeft -= 1
            if trainsLeft == 0 {
                time = DigitalGenerator.none
                return
            }
        }
        if jitter == nil {
            time = begin
        } else {
            jitter?.draw()
            time = shifted()
        }
    }
}

extension Random {
    /// Standard normal, of an index: see `at`. Box and Muller's transform of two numbers.
    static func gaussian(at index: UInt64, seed: UInt64, stream: UInt64) -> Double {
        let first = Double(at(index &* 2, seed: seed, stream: stream) >> 11) * 0x1p-53
        let second = Double(at(index &* 2 &+ 1, seed: seed, stream: stream) >> 11) * 0x1p-53
        return (-2 * Elementary.log(1 - first)).squareRoot() * Sine.ofTurns(second)
    }
}

/// Pulses that come by chance.
final class ChanceGenerator: DigitalGenerator {
    private let mean: Double
    private let width: UInt64
    private var random: Random
    private var time: UInt64
    private var isInPulse = false

    init(meanInterval: Nanoseconds, width: Nanoseconds, random: Random) {
        mean = Double(meanInterval.count)
        self.width = UInt64(width.count)
        self.random = random
        time = 0
        super.init(startsHigh: false)
        pause()
    }

    private func pause() { time += UInt64(max(1, (mean * random.exponential()).rounded())) }

    override func next(upTo limit: UInt64) -> UInt64 {
        let due = time
        guard due <= limit else { return DigitalGenerator.none }
        isInPulse.toggle()
        if isInPulse { time += width } else { pause() }
        return due
    }
}

/// One pulse each period, as long as an analog wave says at its begin.
final class PWMGenerator: DigitalGenerator {
    private let period: UInt64
    private let duty: AnalogGenerator
    private var isHigh: Bool
    /// Of the present period, or of the first one if that has not begun.
    private var begin: UInt64
    private var hasBegun: Bool
    /// Of its pulse; the whole period: it is not over at its end.
    private var width: UInt64

    init(period: Nanoseconds, phase: Nanoseconds, duty: AnalogGenerator) {
        self.period = UInt64(period.count)
        self.duty = duty
        begin = UInt64(phase.count)
        hasBegun = begin == 0
        width = hasBegun ? PWMGenerator.width(of: duty, at: 0, UInt64(period.count)) : 0
        isHigh = width > 0
        super.init(startsHigh: width > 0)
    }

    private static func width(of duty: AnalogGenerator, at time: UInt64, _ period: UInt64) -> UInt64 {
        // A duty that is no number is none.
        let share = max(0, min(duty.value(at: time), 1))
        return share.isNaN ? 0 : min(period, UInt64((share * Double(period)).rounded()))
    }

    override func next(upTo limit: UInt64) -> UInt64 {
        while true {
            if hasBegun, isHigh, width < period {
                let end = begin &+ width
                guard end <= limit else { return DigitalGenerator.none }
                isHigh = false
                if width > 0 { return end }
            }
            let next = hasBegun ? begin &+ period : begin
            guard next <= limit else { return DigitalGenerator.none }
            begin = next
            hasBegun = true
            width = PWMGenerator.width(of: duty, at: next, period)
            if isHigh != (width > 0) {
                isHigh = width > 0
                return next
            }
        }
    }
}
