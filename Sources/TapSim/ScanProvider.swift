public import TapCore

/// Converters of which every client may read its own stream. Safe from any thread.
public protocol ScanProvider: Sendable {
    /// Each with its nominal rate; the raw scans that readers give are laid out as these say.
    var devices: [DeviceInfo] { get }

    /// A stream of one device's scans, from the first that is taken at `time` or later.
    ///
    /// What it gives depends on nothing but the device and the time, so that all clients get the same.
    ///
    /// - Parameter device: an index into `devices`.
    func makeReader(of device: Int, from time: Timestamp) -> any ScanReader
}

/// Scans of one device, in order. Used on one thread at a time; never blocks.
public protocol ScanReader {
    /// When the next scan is taken; nil: none follows.
    var next: Timestamp? { get }

    /// Appends the scans that are taken until `end`, itself included, but no more than `count`.
    mutating func read(_ count: Int, until end: Timestamp, into scans: inout Scans)

    /// Passes over the scans that are taken until `end`, itself included.
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

/// Simulated converters, from time zero on and without end.
public struct SimScans: ScanProvider {
    private let converters: [SimConverter]
    public var devices: [DeviceInfo] { converters.map(\.info) }

    public init(_ converters: [SimConverter]) { self.converters = converters }

    public func makeReader(of device: Int, from time: Timestamp) -> any ScanReader {
        let converter = converters[device]
        return Reader(converter: converter, scan: Reader.first(after: time, converter.period, isIncluded: true))
    }

    private struct Reader: ScanReader {
        let converter: SimConverter
        var scan: UInt64

        var next: Timestamp? { .zero + converter.period * Int64(clamping: scan) }

        mutating func read(_ count: Int, until end: Timestamp, into scans: inout Scans) {
            for _ in 0..<count {
                guard let next, next <= end else { return }
                converter.append(scan: scan, to: &scans.raw)
                scans.times.append(next)
                scan += 1
            }
        }

        mutating func skip(until end: Timestamp) {
            scan = max(scan, Reader.first(after: end, converter.period, isIncluded: false))
        }

        static func first(after time: Timestamp, _ period: Nanoseconds, isIncluded: Bool) -> UInt64 {
            let (scan, rest) = time.nanoseconds.quotientAndRemainder(dividingBy: UInt64(max(1, period.count)))
            return isIncluded && rest == 0 ? scan : scan + 1
        }
    }
}
