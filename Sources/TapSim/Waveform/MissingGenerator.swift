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
