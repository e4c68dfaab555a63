/// The opposite of another.
final class InvertGenerator: DigitalGenerator {
    private let of: DigitalGenerator

    init(_ of: DigitalGenerator) {
        self.of = of
        super.init(startsHigh: !of.startsHigh)
    }

    override func next(upTo limit: UInt64) -> UInt64 { of.next(upTo: limit) }
}
