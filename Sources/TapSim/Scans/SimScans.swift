public import TapConfig
public import TapCore

/// The converters of a scenario, from time zero on and without end.
public struct SimScans: ScanProvider {
    private let scenario: Scenario
    public let devices: [DeviceInfo]

    public init(_ scenario: Scenario) {
        self.scenario = scenario
        devices = scenario.converters.enumerated().map { Scanner.describe($1, DeviceID(UInt16($0))) }
    }

    public func makeReader(of device: Int) -> any ScanReader {
        let feed = scenario.makePlant().map { PlantFeed($0) }
        let builder = WaveBuilder(seed: scenario.seed, feed: feed)
        return Reader(
            scanner: Scanner(scenario.converters[device], device: DeviceID(UInt16(device)), builder), feed: feed)
    }

    private struct Reader: ScanReader {
        var scanner: Scanner
        let feed: PlantFeed?
        private var passed: [UInt8] = []

        init(scanner: Scanner, feed: PlantFeed?) {
            self.scanner = scanner
            self.feed = feed
        }

        var next: Timestamp? { Timestamp(nanoseconds: scanner.period * scanner.next) }

        mutating func read(_ count: Int, until end: Timestamp, into scans: inout Scans) {
            for _ in 0..<count {
                guard let next, next <= end else { return }
                prepare()
                scanner.take(into: &scans.raw)
                scans.times.append(next)
            }
        }

        mutating func skip(until end: Timestamp) {
            while let next, next <= end {
                passed.removeAll(keepingCapacity: true)
                prepare()
                scanner.take(into: &passed)
            }
        }

        /// The plant goes on to where the next scan needs it.
        private func prepare() {
            feed?.reach(scanner.due)
        }
    }
}
