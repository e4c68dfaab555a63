import TapCore
import TestSupport
import Testing

@testable import TapFormats

/// How a file's time goes by in virtual time.
@Suite struct ReplayTimeTests {
    private struct Batches: RecordSink {
        var edges: [UInt64] = []
        var batches = 0
        mutating func edge(_ edge: Edge) { edges.append(edge.time.nanoseconds) }
        mutating func scans(_ block: ScanBlock, raw: RawSpan) {}
        mutating func batchEnded(at now: Timestamp) throws(TapError) { batches += 1 }
    }

    private static func replay(_ path: String, until end: Timestamp? = nil) throws -> (Batches, Timestamp) {
        let reader = try CaptureFormat.open(path)
        let selection = ReplaySelection(all: reader.header)
        let lines = UInt16(selection.lines.count)
        let stage = CaptureStage(
            ReplaySource(reader, selection), ringCapacity: 1_024, lines: 0..<lines, devices: 0..<0, whenFull: .wait)
        try stage.open(at: .zero)
        let merge = MergeStage([stage.makeInput()], into: Batches(), tick: .milliseconds(100))
        let clock = VirtualClock()
        StepDriver(clock: clock, sources: [stage], consumers: [merge]).run(until: end)
        return (merge.withSink { $0 }, clock.now())
    }

    @Test func `a year without a record is passed over in a step`() throws {
        let (sink, end) = try ReplayTimeTests.replay("\(caseFolder)/break/year.vcd")
        #expect(sink.edges == [31_536_000_000_000_000, 31_536_000_000_000_005])
        #expect(sink.batches < 10)
        // A last tick of merge.
        #expect(end == Timestamp(nanoseconds: 31_536_000_100_000_000))
    }

    @Test func `what a damaged stamp says is passed over, and what follows it is late`() throws {
        let folder = ScratchFolder()
        let text =
            #"{"tap":"t","format":1,"origin_ns":0,"sources":[{"clock":{"kind":"file"},"lines":[{"name":"A"}]}]}"# + "\n"
            + [(5, 1), (9_000_000_000_000_000_000, 2), (20, 3), (30, 4)].map { time, number in
                #"{"t_ns":\#(time),"line":"A","edge":"\#(number % 2 == 1 ? "rising" : "falling")","seq":\#(number)}"#
                    + "\n"
            }.joined()
        let (sink, _) = try ReplayTimeTests.replay(folder.write("damaged.jsonl", text))
        #expect(sink.edges == [5, 9_000_000_000_000_000_000, 20, 30])
        #expect(sink.batches < 10)
    }

    @Test func `what stands behind the end that a file names is passed over, and the replay ends`() throws {
        let folder = ScratchFolder()
        let text =
            #"{"tap":"t","format":1,"origin_ns":0,"sources":[{"clock":{"kind":"file"},"lines":[{"name":"A"}]}]}"# + "\n"
            + #"{"t_ns":5,"line":"A","edge":"rising","seq":1}"# + "\n"
            + #"{"t_ns":3600000000000,"line":"A","edge":"falling","seq":2}"# + "\n" + #"{"t_ns":1000,"end":true}"#
            + "\n"
        let (sink, _) = try ReplayTimeTests.replay(folder.write("early-end.jsonl", text))
        #expect(sink.edges == [5, 3_600_000_000_000])
        #expect(sink.batches < 10)
    }

    @Test func `the end of a session is met within what is passed over`() throws {
        let hour = Timestamp.zero + .seconds(3_600)
        let (sink, end) = try ReplayTimeTests.replay("\(caseFolder)/break/year.vcd", until: hour)
        #expect(sink.edges.isEmpty)
        #expect(end == hour)
    }
}
