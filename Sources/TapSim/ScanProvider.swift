public import TapConfig
public import TapCore

/// Converters of which every client may read its own stream. Safe from any thread.
public protocol ScanProvider: Sendable {
    /// Each with its nominal rate; the raw scans that readers give are laid out as these say.
    var devices: [DeviceInfo] { get }

    /// A stream of one device's scans from its first on.
    ///
    /// What it gives depends on nothing but the device, so that all clients get the same.
    ///
    /// - Parameter device: an index into `devices`.
    func makeReader(of device: Int) -> any ScanReader
}

/// Scans of one device, in order. Used on one thread at a time; never blocks.
public protocol ScanReader {
    /// When the next scan is taken; nil: none follows.
    var next: Timestamp? { get }

    /// Appends the scans that are taken until `end`, itself included, but no more than `count`.
    mutating func read(_ count: Int, until end: Timestamp, into scans: inout Scans)

    /// Passes over the scans that are taken until `end`, itself included. Costs what reading them does.
    mutating func skip(until end: Timestamp)
}

/// Raw scans, one after the other, and the time of each.
public struct Scans: Sendable {
    public var raw: [UInt8] = []
    public var times: [Timestamp] = []

    public init() {}

    public mutating func removeAll() {
        raw.removeAll(keepingCapacity: true)
        times.removeAll(keepingCapacity: true)
    }
}

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
            if let feed { while feed.horizon < scanner.due { feed.advance() } }
        }
    }
}
