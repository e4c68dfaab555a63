import TapCore

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
