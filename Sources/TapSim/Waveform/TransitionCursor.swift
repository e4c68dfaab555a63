/// A place in a generator's transitions, with the level there.
struct TransitionCursor {
    private let generator: DigitalGenerator
    /// The transition that is next, once it was asked for.
    private var time = DigitalGenerator.none
    private(set) var isHigh: Bool

    init(_ generator: DigitalGenerator) {
        self.generator = generator
        isHigh = generator.startsHigh
    }

    /// The next transition up to `limit`; `none`: there is none.
    @inline(__always)
    mutating func peek(upTo limit: UInt64) -> UInt64 {
        if time == DigitalGenerator.none { time = generator.next(upTo: limit) }
        return time <= limit ? time : DigitalGenerator.none
    }

    /// Goes on behind the transition that was seen.
    @inline(__always)
    mutating func take() {
        isHigh.toggle()
        time = DigitalGenerator.none
    }
}
