import Glibc
import TapConformance
import TapCore
import TestSupport
import Testing

@testable import TapFormats

@Suite
struct ReplayConformanceTests {
    private struct MonotonicClock: TapClock {
        func now() -> Timestamp {
            var time = timespec()
            unsafe clock_gettime(CLOCK_MONOTONIC, &time)
            return Timestamp(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
        }
    }

    /// Writes the plan as a capture, and replays it.
    private static func bench(_ format: CaptureFormat) -> Bench {
        Bench(
            "replay of \(format.rawValue)", capabilities: [.edges, .waitsForRoom], spacing: .milliseconds(1),
            latency: .zero, repeatsExactly: true, realClock: MonotonicClock()
        ) { plan in try replay(plan, format, write) }
    }

    /// A converter whose scans say their number, as a capture, and replays that.
    private static func adc(_ format: CaptureFormat) -> Bench {
        var bench = Bench(
            "replay of scans in \(format.rawValue)", capabilities: [.scans, .waitsForRoom], spacing: .milliseconds(1),
            latency: .zero, repeatsExactly: true, realClock: MonotonicClock()
        ) { plan in
            // A sigrok session has samples to its end; elsewhere the source is stopped before the file ends.
            let rest = format == .sigrok ? Nanoseconds.zero : .seconds(1)
            return try replay(plan, format) { plan, path in try writeScans(plan, to: path, rest) }
        }
        bench.scans = ScanBench(period: .milliseconds(1), samples: .number { number($0[0]) })
        return bench
    }

    /// Claims of two tags in turn, as a capture, and replays that.
    private static let claims: Bench = {
        var bench = Bench(
            "replay of claims", capabilities: [.claims, .waitsForRoom], spacing: .milliseconds(1), latency: .zero,
            repeatsExactly: true, realClock: MonotonicClock()
        ) { plan in try replay(plan, .jsonl, writeClaims) }
        bench.claims = ClaimBench(tags: 2, period: .milliseconds(1))
        return bench
    }()

    private static func writeClaims(_ plan: Plan, to path: String) throws(TapError) {
        let tags = (0..<2).map { TagInfo(id: TagID(UInt16($0)), name: "tag \($0)", source: "plc") }
        let header = SessionHeader.replayed(file: "plan", name: "plan", lines: [], devices: [], tags: tags)
        let file = try OutputFile(path, mayReplace: false, appears: .whenWhole)
        var writer = JSONLinesWriter(header, to: ByteWriter(file))
        for number in 0...Int(plan.length.count / 1_000_000) {
            writer.event(
                .claim(
                    Claim(
                        tag: TagID(UInt16(number % 2)), value: .number(Double(number / 2)),
                        time: .zero + .milliseconds(Int64(number)))))
        }
        writer.captureEnded(at: .zero + plan.length + .seconds(1))
        try writer.finish(at: .zero)
        try file.commit()
    }

    /// Some formats hold floats: their bits are far from any number of a scan here.
    private static func number(_ sample: Int64) -> Int {
        if sample < 1 << 20 { return Int(sample) }
        return sample < 1 << 32
            ? Int(Float(bitPattern: UInt32(sample))) : Int(Double(bitPattern: UInt64(bitPattern: sample)))
    }

    private static func replay(
        _ plan: Plan, _ format: CaptureFormat, _ write: (Plan, String) throws -> Void
    ) throws -> Rig {
        let folder = ScratchFolder()
        let jsonl = folder.file("plan.jsonl")
        try write(plan, jsonl)
        var path = jsonl
        if format != .jsonl {
            path = folder.file("plan.\(format.rawValue)")
            var conversion = Conversion(version: "test")
            conversion.sampleRate_hz = 1_000
            _ = try conversion.run(jsonl, to: path, as: format)
        }
        let reader = try CaptureFormat.open(path)
        let selection = ReplaySelection(all: reader.header)
        return Rig(ReplaySource(reader, selection), plan)
    }

    private static func writeScans(_ plan: Plan, to path: String, _ rest: Nanoseconds) throws {
        let channel = ChannelInfo(
            name: "counter", channel: "voltage0", unit: "V", byteOffset: 0,
            format: ScanFormat(isBigEndian: false, isSigned: false, bits: 16, storageBits: 16), offset: 0, scale: 1)
        let device = DeviceInfo(
            id: DeviceID(0), name: "adc", method: .buffered, isTimestamped: true, rate_hz: 1_000, bytesPerScan: 2,
            channels: [channel])
        let header = SessionHeader.replayed(file: "plan", name: "plan", lines: [], devices: [device])
        let file = try OutputFile(path, mayReplace: false, appears: .whenWhole)
        var writer = JSONLinesWriter(header, to: ByteWriter(file))
        for number in 0...Int(plan.length.count / 1_000_000) {
            let block = ScanBlock(
                device: DeviceID(0), firstTime: .zero + .milliseconds(Int64(number)), period: .milliseconds(1),
                count: 1,
                bytesPerScan: 2, sequence: UInt64(number), stamps: .exact, uncertainty: .zero)
            let bytes = [UInt8(number & 0xFF), UInt8(number >> 8)]
            unsafe writer.scans(block, raw: bytes.span.bytes)
        }
        writer.captureEnded(at: .zero + plan.length + rest)
        try writer.finish(at: .zero)
        try file.commit()
    }

    private static func write(_ plan: Plan, to path: String) throws(TapError) {
        let lines = plan.lines.indices.map { LineInfo(id: LineID(UInt16($0)), name: "line \($0)") }
        let header = SessionHeader.replayed(file: "plan", name: "plan", lines: lines, devices: [])
        let file = try OutputFile(path, mayReplace: false, appears: .whenWhole)
        var writer = JSONLinesWriter(header, to: ByteWriter(file))
        for (number, line) in plan.lines.enumerated() {
            writer.event(
                .level(
                    Level(
                        line: LineID(UInt16(number)), isHigh: line.startsHigh, reason: .first, notBefore: .zero,
                        notAfter: .zero)))
        }
        var sequences = plan.lines.map { _ in 0 as UInt32 }
        for drive in plan.drives {
            sequences[drive.line] += 1
            writer.edge(
                Edge(
                    time: .zero + drive.at, line: LineID(UInt16(drive.line)), sequence: sequences[drive.line],
                    flags: drive.isHigh ? .rising : []))
        }
        writer.captureEnded(at: .zero + plan.length + .seconds(1))
        try writer.finish(at: .zero)
        try file.commit()
    }

    @Test(arguments: CaptureFormat.allCases)
    func `conforms`(format: CaptureFormat) {
        let outcomes = Conformance.run(on: ReplayConformanceTests.bench(format))
        #expect(outcomes.filter { $0.verdict == .failed }.map(\.description) == [])
        #expect(outcomes.count { $0.verdict == .passed } == 14)
    }

    @Test(arguments: CaptureFormat.allCases)
    func `scans conform`(format: CaptureFormat) {
        let outcomes = Conformance.run(on: ReplayConformanceTests.adc(format))
        #expect(outcomes.filter { $0.verdict == .failed }.map(\.description) == [])
        #expect(outcomes.count { $0.verdict == .passed } == 13)
    }

    @Test func `claims conform`() throws {
        let outcomes = Conformance.run(on: ReplayConformanceTests.claims)
        #expect(outcomes.filter { $0.verdict == .failed }.map(\.description) == [])
        #expect(outcomes.count { $0.verdict == .passed } == 7)
    }
}
