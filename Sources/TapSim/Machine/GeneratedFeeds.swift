import TapCore

/// A scenario's wire for a simulated kernel. A plant goes ahead as far as is looked.
final class GeneratedWire: WireFeed, @unchecked Sendable {
    private let generator: DigitalGenerator
    private let plant: PlantFeed?
    let startsHigh: Bool

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

/// A scenario's converter for a simulated kernel, which asks for scans in order, for one perhaps twice, and not for all.
/// Those that nobody asks for are taken all the same: random waves draw once a scan.
final class GeneratedScans: ScanFeed, @unchecked Sendable {
    private var scanner: Scanner
    private let plant: PlantFeed?
    /// The last scan that was taken.
    private var last: [UInt8] = []

    init(_ scanner: Scanner, plant: PlantFeed?) {
        self.scanner = scanner
        self.plant = plant
    }

    func append(scan number: UInt64, to raw: inout [UInt8]) {
        while scanner.next <= number {
            last.removeAll(keepingCapacity: true)
            plant?.reach(scanner.due)
            scanner.take(into: &last)
        }
        raw += last
    }
}

extension PlantFeed {
    /// Goes on until everything up to a time is known.
    func reach(_ time: UInt64) { while horizon < time { advance() } }
}
