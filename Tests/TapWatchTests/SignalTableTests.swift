import TapCore
import Testing

@testable import TapWatch

@Suite
struct SignalTableTests {
    private final class Collector: VerdictSink {
        var verdicts: [String] = []
        func verdict(rule: Int, from time: Int64, _ truth: Truth) { verdicts.append("\(rule) \(time) \(truth)") }
    }

    private static let header = SessionHeader(
        version: "1", board: "b", origin: .zero, fix: nil, kernel: "",
        sources: [
            SourceInfo(
                name: "s", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: [.edges, .claims],
                lines: [
                    LineInfo(id: LineID(0), name: "P1_FB"),
                    LineInfo(id: LineID(1), name: "PULSE", options: LineOptions(edges: .rising)),
                ], tags: [TagInfo(id: TagID(0), name: "P1_RUN", source: "hmi")])
        ])

    private func edge(_ line: UInt16, _ time: UInt64, _ flags: Edge.Flags) -> Edge {
        Edge(time: Timestamp(nanoseconds: time), line: LineID(line), sequence: 0, flags: flags)
    }

    private func claim(_ value: Claim.Value, _ time: UInt64, _ quality: Claim.Quality = .good) -> Event {
        .claim(Claim(tag: TagID(0), value: value, quality: quality, time: Timestamp(nanoseconds: time)))
    }

    @Test func `a pump that runs on the screen only is found after the lag, and a loss makes it unknown`() {
        let (run, feedback) = (Formula.atom("hmi.P1_RUN"), Formula.atom("P1_FB"))
        let late = FormulaWindow(upTo: Nanoseconds(150))
        let collector = Collector()
        var table = SignalTable(
            Self.header, Watch([.and(run, .historically(late, .not(feedback)))], start: 0, sink: collector))
        table.event(
            .level(Level(line: LineID(0), isHigh: true, reason: .first, notBefore: .zero, notAfter: .zero)))
        table.event(claim(.number(1), 10))
        table.edge(edge(0, 1000, []))
        table.event(claim(.bool(true), 1100))
        table.event(claim(.bool(false), 2000))
        table.event(claim(.bool(true), 3000, .bad))
        table.event(claim(.bool(true), 3100))
        let line = Gap.Subject.line(LineID(0))
        table.event(
            .gap(
                Gap(
                    .kernelQueueOverflow, line, .exactly(2), discovered: Timestamp(nanoseconds: 4000),
                    from: Timestamp(nanoseconds: 3900), to: Timestamp(nanoseconds: 4000))))
        table.edge(edge(0, 5000, .rising))
        table.edge(edge(0, 4500, [.late]))
        table.close(upTo: Timestamp(nanoseconds: 6000))
        #expect(
            collector.verdicts == [
                "0 0 false", "0 1150 true", "0 2000 false", "0 3000 unknown", "0 3100 true", "0 4000 unknown",
                "0 5000 false",
            ])
        #expect(table.late == 1)
        #expect(table.unmatched == [])
    }

    @Test func `what no signal of the session is stays unknown and is said`() {
        let collector = Collector()
        var table = SignalTable(
            Self.header, Watch([.or(.atom("PULSE"), .atom("P9_FB"))], start: 0, sink: collector))
        table.edge(edge(1, 10, .rising))
        table.edge(edge(7, 11, .rising))
        table.close(upTo: Timestamp(nanoseconds: 20))
        #expect(table.unmatched == ["PULSE", "P9_FB"])
        #expect(collector.verdicts == [])
    }
}
