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
