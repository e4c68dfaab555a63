import TapCore

@testable import TapRecord

/// A store in memory that holds records of every kind, in two sessions, to be changed.
struct SoundStore {
    let state: MemoryDisk.State
    let key: VerifierKey

    static let origin = "plant/simulated"

    /// - Parameter seconds: of each session; the log has five entries or more for each.
    init(seconds: UInt64) throws {
        let disk = MemoryDisk()
        let made = try RecordStore.make(on: disk, origin: SoundStore.origin, provenance: .simulated, utc_ns: 1)
        for _ in 0..<2 { try SoundStore.record(on: disk, seconds) }
        state = disk.state
        key = VerifierKey(made.key)!
    }

    /// All entries, as they are in the log.
    func entries() throws -> [[UInt8]] {
        var reader = try LogReader(on: MemoryDisk(state))
        var entries: [[UInt8]] = []
        while let next = try reader.next() { entries.append(next.entry) }
        return entries
    }

    /// One source of two lines that reads levels; one of a device and a tag.
    static var header: SessionHeader {
        let channel = ChannelInfo(
            name: "raw", channel: "raw", pin: "", unit: "", byteOffset: 0, format: .float(bits: 32), offset: 0, scale: 1
        )
        let device = DeviceInfo(
            id: DeviceID(0), name: "adc", method: .simulated, isTimestamped: false, rate_hz: nil, bytesPerScan: 4,
            channels: [channel])
        var header = RecordStoreTests.header()
        header.sources.append(
            SourceInfo(
                name: "screen", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: [.scans, .claims],
                lines: [], devices: [device], tags: [TagInfo(id: TagID(0), name: "LEVEL", source: "hmi")]))
        return header
    }

    /// The next session of a store.
    static func record(
        on disk: MemoryDisk, _ seconds: UInt64, utc_ns: UInt64 = 7, header: SessionHeader = SoundStore.header
    ) throws {
        let opened = try OpenedStore(disk)
        let session = (opened.state.start?.session ?? 0) + 1
        var options = StoreOptions()
        options.segmentSize = 1 << 17
        let clock = StoreClock { .init(monotonic: .zero, utcNanoseconds: utc_ns) }
        let writer = try StoreWriter(opened, header: header, on: RecordStoreTests.key0, clock: clock, options: options)
        var recorder = Recorder(
            header, session: session, options: options,
            keeper: InlineKeeper(writer, store: "store", mostPending: 0))
        for second in 0..<seconds {
            play(second * 1_000_000_000, session, into: &recorder)
            try recorder.batchEnded(at: .zero)
        }
        for source in 0..<2 {
            recorder.begin(source: source)
            recorder.sourceEnded(at: Timestamp(nanoseconds: seconds * 1_000_000_000))
        }
        try recorder.finish(at: .zero)
    }

    /// Of a time of a session.
    static func utc(_ session: UInt64, _ time: UInt64) -> UInt64 {
        1_800_000_000_000_000_000 + session * 1_000_000_000_000 + time
    }

    /// A second of both sources.
    private static func play(_ start: UInt64, _ session: UInt64, into recorder: inout Recorder) {
        func at(_ milliseconds: UInt64) -> Timestamp { Timestamp(nanoseconds: start + milliseconds * 1_000_000) }
        let line = LineID(0)
        recorder.begin(source: 0)
        if start == 0 {
            for line in [LineID(0), LineID(1)] {
                recorder.event(
                    .level(Level(line: line, isHigh: false, reason: .first, notBefore: at(0), notAfter: at(1))))
            }
        }
        for step in UInt64(1)...8 {
            recorder.edge(
                Edge(
                    time: at(step * 10), line: line, sequence: UInt32(start / 100_000_000 + step),
                    flags: step % 2 == 1 ? .rising : []))
            if step % 4 == 0 { recorder.watermark(at: at(step * 10)) }
        }
        recorder.event(
            .reread(
                Reread(
                    line: LineID(1), time: at(900), from: at(880), to: at(890), isHigh: false, agreed: 1, failed: 0)))
        if start == 3_000_000_000 {
            recorder.event(
                .gap(Gap(.kernelQueueOverflow, .line(line), .atLeast(3), discovered: at(95), from: at(90), to: at(95))))
        }
        recorder.watermark(at: at(1_000))
        recorder.begin(source: 1)
        let block = ScanBlock(
            device: DeviceID(0), firstTime: at(1), period: .milliseconds(1), count: 20, bytesPerScan: 4,
            sequence: start / 50_000_000, stamps: .arrival, uncertainty: .zero)
        let raw = [UInt8](repeating: 0x5A, count: 80)
        unsafe recorder.scans(block, raw: raw.span.bytes)
        recorder.event(.claim(Claim(tag: TagID(0), value: .number(1.5), quality: .good, time: at(30))))
        recorder.event(.note(Note(time: at(40), author: "ann", text: "round")))
        recorder.event(
            .clockFix(
                ClockFix(
                    monotonic: at(50), utcNanoseconds: utc(session, start) + 50_000_000, bracket: Nanoseconds(100),
                    bootID: BootID(high: 1, low: 2), isSynchronised: true, sinceSynchronised: nil,
                    kernelMaximumError: Nanoseconds(1_000))))
        recorder.watermark(at: at(1_000))
    }
}
