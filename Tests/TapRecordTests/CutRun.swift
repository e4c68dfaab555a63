import Synchronization
import TapCore
import TestSupport

@testable import TapRecord

/// A store that is written on a disk in memory, with what it promised and after which operation of the disk.
final class CutRun {
    /// What is on the medium when so many operations are.
    struct Promise: Sendable, Hashable {
        var operations: Int
        /// Number of its first scan.
        var scan: UInt64
    }

    let disk: MemoryDisk
    /// Operations of which the store was made.
    private(set) var made = 0
    private(set) var promises: [Promise] = []
    private var key: VerifierKey?
    private let writer: StoreWriter
    private let clock: CutClock
    private let session: UInt64
    private var spans: [SourceSpan]
    private var counts: [UInt64]
    private var drafts: [ChunkDraft] = []
    /// First scans of chunks that were given to the writer.
    private var given: [UInt64] = []

    static let sources = 2
    static let scansPerChunk = 10
    static let bytesPerScan = 1_600

    /// A new store's first session.
    static func begin(on disk: MemoryDisk = MemoryDisk(), options: StoreOptions = CutRun.options()) throws -> CutRun {
        let made = try RecordStore.make(on: disk, origin: "plant/simulated", provenance: .simulated, utc_ns: 1)
        let count = disk.operations.count
        let run = try CutRun(on: disk, options: options)
        (run.key, run.made) = (VerifierKey(made.key), count)
        return run
    }

    /// The next session of a store.
    init(on disk: MemoryDisk, options: StoreOptions = CutRun.options()) throws {
        self.disk = disk
        clock = CutClock()
        let opened = try OpenedStore(disk)
        session = (opened.state.start?.session ?? 0) + 1
        let header = CutRun.header
        spans = header.sources.enumerated().map { SourceSpan($0, $1) }
        counts = header.sources.map { _ in 0 }
        writer = try StoreWriter(
            opened, header: header, on: RecordStoreTests.key0, clock: clock.store, options: options)
    }

    var verifierKey: VerifierKey { key! }

    static var header: SessionHeader {
        let sources = (0..<sources).map { number in
            let channel = ChannelInfo(
                name: "raw", channel: "raw", pin: "", unit: "", byteOffset: 0, format: .float(bits: 32), offset: 0,
                scale: 1)
            let device = DeviceInfo(
                id: DeviceID(UInt16(number)), name: "device \(number)", context: "", method: .simulated,
                isTimestamped: false, rate_hz: nil, bytesPerScan: bytesPerScan, channels: [channel], timestamp: nil)
            return SourceInfo(
                name: "source \(number)", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: [.scans],
                lines: [], devices: [device])
        }
        return SessionHeader(
            version: "test", board: "bench", origin: .zero, fix: nil, kernel: "", sources: sources, seed: 1)
    }

    /// Segments as small as the writer makes them.
    static func options(keepBytes: UInt64? = nil) -> StoreOptions {
        var options = StoreOptions()
        options.segmentSize = 1 << 10
        options.checkpointEvery = .seconds(2)
        options.epoch = .seconds(4)
        options.reserve = 1 << 15
        options.keepBytes = keepBytes
        return options
    }

    /// A chunk of a source, for the next commit. Its scans are numbered apart from all others.
    func add(_ source: Int, scans: Int = CutRun.scansPerChunk) {
        let count = counts[source]
        let time = count * 1_000_000_000 + UInt64(source) * 500_000_000
        let scan = ((session * 10 + UInt64(source)) * 10_000 + count) * 100
        let block = ScanBlock(
            device: DeviceID(UInt16(source)), firstTime: Timestamp(nanoseconds: time), period: .milliseconds(1),
            count: scans, bytesPerScan: CutRun.bytesPerScan, sequence: scan, stamps: .arrival, uncertainty: .zero)
        var dice = Dice(scan)
        var raw: [UInt8] = []
        // No zeros: what is missing differs.
        for _ in 0..<scans * CutRun.bytesPerScan / 8 { raw.append(little: dice.next() | 0x0101_0101_0101_0101) }
        spans[source].scans(block, raw: unsafe raw.span.bytes)
        spans[source].watermark(at: Timestamp(nanoseconds: time + 1_000_000_000))
        drafts.append(spans[source].finish(session: session))
        given.append(scan)
        counts[source] += 1
    }

    /// A second passes, and all that waits is committed.
    func commit() throws {
        clock.pass()
        try writer.commit(&drafts)
        promise()
        try writer.tick()
    }

    /// All that was given is on the medium.
    private func promise() {
        promises += given.map { Promise(operations: disk.operations.count, scan: $0) }
        given = []
    }

    /// The same as a recorder does it.
    func work() throws {
        clock.pass()
        try writer.work(&drafts)
        promise()
    }

    func stop() throws { try writer.stop(why: "ended") }
}

/// A clock that stands still until it is told.
private final class CutClock: Sendable {
    private let seconds = Mutex(UInt64(0))

    func pass() { seconds.withLock { $0 += 1 } }

    var store: StoreClock {
        StoreClock {
            let now = self.seconds.withLock { $0 }
            return .init(monotonic: Timestamp(nanoseconds: now * 1_000_000_000), utcNanoseconds: now + 7)
        }
    }
}
