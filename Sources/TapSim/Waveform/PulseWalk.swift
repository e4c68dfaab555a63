import TapConfig
import TapCore

/// A place in a pulse train.
struct PulseWalk {
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
