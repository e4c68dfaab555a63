import Glibc
import TapConformance
import TapCore
import Testing

@testable import TapFormats

@Suite("ReplaySource")
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
        ) { plan in
            let folder = ScratchFolder()
            let jsonl = folder.file("plan.jsonl")
            try write(plan, to: jsonl)
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
    }

    private static func write(_ plan: Plan, to path: String) throws(TapError) {
        let lines = plan.lines.indices.map { LineInfo(id: LineID(UInt16($0)), name: "line \($0)") }
        let header = SessionHeader.replayed(file: "plan", name: "plan", lines: lines, devices: [])
        var file = try NewFile(path, mayReplace: false)
        var writer = JSONLinesWriter(header, to: ByteWriter(file.descriptor, name: path))
        for (number, line) in plan.lines.enumerated() {
            writer.level(
                Level(
                    line: LineID(UInt16(number)), isHigh: line.startsHigh, reason: .first, notBefore: .zero,
                    notAfter: .zero))
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
}
