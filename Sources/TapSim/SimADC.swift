public import TapCore

/// A converter that nobody soldered: samples simulated channels together, at one rate.
///
/// Stamps are virtual time, exact. Like `SimSource`, it waits for room where virtual time does. Not thread-safe, never
/// blocks.
public struct SimADC: ~Copyable, TapSource {
    public private(set) var info: SourceInfo
    private let converter: SimConverter
    private let period: Nanoseconds
    private var start = Timestamp.zero
    private var next: UInt64 = 0
    private var raw: [UInt8] = []

    /// Scans of one block: a function of the rate, so that blocks do not depend on when the source is stepped.
    private let scansPerBlock: Int

    public init(_ converter: SimConverter) {
        self.converter = converter
        period = converter.period
        scansPerBlock = max(1, min(256, Int((converter.info.rate_hz ?? 1) / 20)))
        info = SourceInfo(
            name: "simulated converter \(converter.info.name)", provenance: .simulated, clock: ClockDomain(.virtual),
            capabilities: [.scans, .waitsForRoom], devices: [converter.info],
            // A block is written once its last scan has come.
            longestSilence: period * Int64(scansPerBlock) + SimSource.longestSilence)
    }

    public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        start = now
        info.clock.offsetToMonotonic = now - .zero
        return .at(now + SimSource.tick)
    }

    public mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        let present = now - start
        while true {
            let last = period * Int64(next + UInt64(scansPerBlock) - 1)
            guard last <= present else { break }
            guard write(scansPerBlock, into: &writer) else { return .room }
        }
        // Nothing of the next block is out before it is whole.
        writer.watermark(at: .zero + min(present, period * Int64(next) - Nanoseconds(1)))
        return .at(now + SimSource.tick)
    }

    public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
        let due = UInt64((now - start).count / period.count) + 1
        while next < due, write(Int(min(due - next, UInt64(scansPerBlock))), into: &writer) {}
    }

    /// - Returns: false for want of room.
    private mutating func write(_ count: Int, into writer: inout RecordWriter) -> Bool {
        let block = ScanBlock(
            device: converter.info.id, firstTime: .zero + period * Int64(next), period: period, count: count,
            bytesPerScan: converter.info.bytesPerScan, sequence: next, stamps: .exact, uncertainty: .zero)
        guard !writer.shouldWait(forCells: block.cells) else { return false }
        raw.removeAll(keepingCapacity: true)
        for scan in 0..<UInt64(count) { converter.append(scan: next + scan, to: &raw) }
        unsafe raw.withUnsafeBytes { unsafe writer.scans(block, raw: $0.bytes) }
        next += UInt64(count)
        return true
    }
}
