import TapCore

/// A scenario's wire for a simulated kernel. A plant goes ahead as far as is looked.
final class GeneratedWire: WireFeed, @unchecked Sendable {
    private let generator: DigitalGenerator
    private let plant: PlantFeed?
    let startsHigh: Bool
    var isLaidDown: Bool { true }

    init(_ generator: DigitalGenerator, plant: PlantFeed?) {
        self.generator = generator
        self.plant = plant
        startsHigh = generator.startsHigh
    }

    func next(upTo limit: Timestamp) -> Timestamp? {
        plant?.reach(limit.nanoseconds)
        let time = generator.next(upTo: min(limit.nanoseconds, DigitalGenerator.none - 1))
        return time == DigitalGenerator.none ? nil : Timestamp(nanoseconds: time)
    }
}
