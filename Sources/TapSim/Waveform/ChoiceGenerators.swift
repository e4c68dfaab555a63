import TapConfig
import TapCore

/// Which pulses of a wave are meant; asked in their order.
struct PulseChoice {
    private let choice: DigitalWave.Choice
    private let seed: UInt64
    private let stream: UInt64
    /// Of those that are listed.
    private var listed = 0

    init(_ choice: DigitalWave.Choice, seed: UInt64, stream: String) {
        self.choice = choice
        self.seed = seed
        self.stream = Random.digest(stream)
    }

    /// - Parameter pulse: counted from 1.
    mutating func contains(_ pulse: UInt64) -> Bool {
        switch choice {
        case .every(let count): return pulse % UInt64(count) == 0
        case .share(let share): return Double(Random.at(pulse, seed: seed, stream: stream) >> 11) * 0x1p-53 < share
        case .numbers(let numbers):
            guard listed < numbers.count, UInt64(numbers[listed]) == pulse else { return false }
            listed += 1
            return true
        }
    }
}

/// Another wave without some of its pulses.
final class MissingGenerator: DigitalGenerator {
    private let of: DigitalGenerator
    private var choice: PulseChoice
    private var pulse: UInt64 = 0
    private var isInPulse = false
    private var isSkipping = false

    init(_ of: DigitalGenerator, _ choice: PulseChoice) {
        self.of = of
        self.choice = choice
        super.init(startsHigh: of.startsHigh)
    }

    override func next(upTo limit: UInt64) -> UInt64 {
        while true {
            let time = of.next(upTo: limit)
            guard time != DigitalGenerator.none else { return time }
            isInPulse.toggle()
            if isInPulse {
                pulse += 1
                isSkipping = choice.contains(pulse)
            }
            if !isSkipping { return time }
        }
    }
}

/// A pulse some time after some of another wave's pulses; itself it rests low.
final class FollowingGenerator: DigitalGenerator {
    private var of: TransitionCursor
    private var choice: PulseChoice
    private let after: UInt64
    private let width: UInt64
    private let restsHigh: Bool
    private var pulse: UInt64 = 0
    /// When the present pulse ends; `none`: there is none.
    private var end = DigitalGenerator.none
    private var lastEnd: UInt64 = 0

    init(_ of: DigitalGenerator, _ choice: PulseChoice, after: Nanoseconds, width: Nanoseconds) {
        self.of = TransitionCursor(of)
        self.choice = choice
        self.after = UInt64(after.count)
        self.width = UInt64(width.count)
        restsHigh = of.startsHigh
        super.init(startsHigh: false)
    }

    override func next(upTo limit: UInt64) -> UInt64 {
        if end != DigitalGenerator.none {
            guard end <= limit else { return DigitalGenerator.none }
            lastEnd = end
            end = DigitalGenerator.none
            return lastEnd
        }
        while limit >= after {
            let change = of.peek(upTo: limit - after)
            guard change != DigitalGenerator.none else { break }
            of.take()
            guard of.isHigh == restsHigh else { continue }
            pulse += 1
            let begin = change + after
            // One that would begin within another is part of it.
            guard choice.contains(pulse), begin > lastEnd else { continue }
            end = begin + width
            return begin
        }
        return DigitalGenerator.none
    }
}
