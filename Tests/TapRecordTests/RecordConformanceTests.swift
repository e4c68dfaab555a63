import Glibc
import TapConformance
import TapCore
import TapFormats
import Testing

@testable import TapRecord

/// A record that is replayed is a source like any other: it passes the cases that every source has to.
@Suite struct RecordConformanceTests {
    private struct MonotonicClock: TapClock {
        func now() -> Timestamp {
            var time = timespec()
            unsafe clock_gettime(CLOCK_MONOTONIC, &time)
            return Timestamp(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
        }
    }

    private static func bench(
        _ name: String, _ capabilities: SourceInfo.Capabilities,
        _ make: @escaping @Sendable (Plan) throws -> Rig
    ) -> Bench {
        Bench(
            name, capabilities: capabilities.union(.waitsForRoom), spacing: .milliseconds(1), latency: .zero,
            repeatsExactly: true, realClock: MonotonicClock(), make: make)
    }

    /// Records into chunks of 10 ms, ends a second behind the plan, and replays the store.
    private static func replay(
        _ plan: Plan, _ source: SourceInfo, _ play: (inout Recorder) -> Void
    ) throws -> Rig {
        let header = SessionHeader(
            version: "test", board: "bench", origin: .zero, fix: nil, kernel: "", sources: [source], seed: 1)
        let disk = MemoryDisk()
        _ = try RecordStore.make(on: disk, origin: SoundStore.origin, provenance: .simulated, utc_ns: 1)
        var options = StoreOptions()
        (options.segmentSize, options.busySpan) = (1 << 16, .milliseconds(10))
        let clock = StoreClock { .init(monotonic: .zero, utcNanoseconds: 7) }
        let writer = try StoreWriter(
            try OpenedStore(disk), header: header, on: RecordStoreTests.key0, clock: clock, options: options)
        var recorder = Recorder(
            header, session: 1, options: options, keeper: InlineKeeper(writer, store: "store", mostPending: 0))
        recorder.begin(source: 0)
        play(&recorder)
        recorder.sourceEnded(at: .zero + plan.length + .seconds(1))
        try recorder.finish(at: .zero)
        let reader = try StoreReader(disk, "store")
        let selection = ReplaySelection(all: reader.header)
        return Rig(ReplaySource(reader, selection), plan)
    }

    private static func source(
        _ capabilities: SourceInfo.Capabilities, lines: [LineInfo] = [], devices: [DeviceInfo] = [],
        tags: [TagInfo] = []
    ) -> SourceInfo {
        SourceInfo(
            name: "plan", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: capabilities,
            lines: lines, devices: devices, tags: tags)
    }

    private static func edges(_ plan: Plan) throws -> Rig {
        let lines = plan.lines.indices.map { LineInfo(id: LineID(UInt16($0)), name: "line \($0)") }
        return try replay(plan, source(.edges, lines: lines)) { recorder in
            for (number, line) in plan.lines.enumerated() {
                recorder.event(
                    .level(
                        Level(
                            line: LineID(UInt16(number)), isHigh: line.startsHigh, reason: .first, notBefore: .zero,
                            notAfter: .zero)))
            }
            var sequences = plan.lines.map { _ in 0 as UInt32 }
            for drive in plan.drives {
                sequences[drive.line] += 1
                recorder.watermark(at: .zero + drive.at)
                recorder.edge(
                    Edge(
                        time: .zero + drive.at, line: LineID(UInt16(drive.line)), sequence: sequences[drive.line],
                        flags: drive.isHigh ? .rising : []))
            }
        }
    }

    private static func scans(_ plan: Plan) throws -> Rig {
        let channel = ChannelInfo(
            name: "counter", channel: "voltage0", unit: "V", byteOffset: 0,
            format: ScanFormat(isBigEndian: false, isSigned: false, bits: 16, storageBits: 16), offset: 0, scale: 1)
        let device = DeviceInfo(
            id: DeviceID(0), name: "adc", method: .buffered, isTimestamped: true, rate_hz: 1_000, bytesPerScan: 2,
            channels: [channel])
        return try replay(plan, source(.scans, devices: [device])) { recorder in
            for number in 0...Int(plan.length.count / 1_000_000) {
                let time = Timestamp.zero + .milliseconds(Int64(number))
                let block = ScanBlock(
                    device: DeviceID(0), firstTime: time, period: .milliseconds(1), count: 1, bytesPerScan: 2,
                    sequence: UInt64(number), stamps: .exact, uncertainty: .zero)
                let bytes = [UInt8(number & 0xFF), UInt8(number >> 8)]
                recorder.watermark(at: time)
                unsafe recorder.scans(block, raw: bytes.span.bytes)
            }
        }
    }

    private static func claims(_ plan: Plan) throws -> Rig {
        let tags = (0..<2).map { TagInfo(id: TagID(UInt16($0)), name: "tag \($0)", source: "plc") }
        return try replay(plan, source(.claims, tags: tags)) { recorder in
            for number in 0...Int(plan.length.count / 1_000_000) {
                let time = Timestamp.zero + .milliseconds(Int64(number))
                recorder.watermark(at: time)
                recorder.event(
                    .claim(Claim(tag: TagID(UInt16(number % 2)), value: .number(Double(number / 2)), time: time)))
            }
        }
    }

    private static func check(_ bench: Bench, passed: Int) {
        let outcomes = Conformance.run(on: bench)
        #expect(outcomes.filter { $0.verdict == .failed }.map(\.description) == [])
        #expect(outcomes.count { $0.verdict == .passed } == passed)
    }

    @Test func `a record of edges conforms`() {
        RecordConformanceTests.check(
            RecordConformanceTests.bench("replay of a record", .edges) { try RecordConformanceTests.edges($0) },
            passed: 14)
    }

    @Test func `a record of scans conforms`() {
        var bench = RecordConformanceTests.bench("replay of recorded scans", .scans) {
            try RecordConformanceTests.scans($0)
        }
        bench.scans = ScanBench(period: .milliseconds(1), samples: .number { Int($0[0]) })
        RecordConformanceTests.check(bench, passed: 13)
    }

    @Test func `a record of claims conforms`() {
        var bench = RecordConformanceTests.bench("replay of recorded claims", .claims) {
            try RecordConformanceTests.claims($0)
        }
        bench.claims = ClaimBench(tags: 2, period: .milliseconds(1))
        RecordConformanceTests.check(bench, passed: 7)
    }
}
