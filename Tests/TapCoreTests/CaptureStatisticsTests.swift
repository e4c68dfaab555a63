import TapCore
import Testing

@Suite struct CaptureStatisticsTests {
    private static func statistics(_ edges: LineOptions.Edges = .both) -> CaptureStatistics {
        let line = LineInfo(id: LineID(0), name: "FLOW", options: LineOptions(edges: edges))
        return CaptureStatistics(
            SessionHeader(
                version: "1", board: "b", origin: .zero, fix: nil, kernel: "",
                sources: [
                    SourceInfo(
                        name: "s", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: [.edges],
                        lines: [line])
                ]))
    }

    private static func edge(_ time: UInt64, _ flags: Edge.Flags) -> Edge {
        Edge(time: Timestamp(nanoseconds: time), line: LineID(0), sequence: 0, flags: flags)
    }

    @Test func `a pulse is a rising edge and a period is from one to the next`() {
        var statistics = Self.statistics()
        // 2 ms high, 3 ms low, then one that is late by a millisecond.
        for (time, flags) in [(1, Edge.Flags.rising), (3, []), (6, .rising), (8, []), (12, .rising)] {
            statistics.edge(Self.edge(UInt64(time) * 1_000_000, flags))
        }
        let line = statistics.lines[0]
        #expect(line.edges == 5)
        #expect(line.pulses == 3)
        #expect(line.shortestPulse == .milliseconds(2))
        #expect(line.periods.count == 2 && line.periods.minimum == 5_000_000 && line.periods.maximum == 6_000_000)
        #expect(line.frequency_hz == 2e9 / 11e6)
    }

    @Test func `a line of which only falling edges are captured has pulses too`() {
        var statistics = Self.statistics(.falling)
        for time: UInt64 in [0, 250, 500, 750] { statistics.edge(Self.edge(time * 1_000_000, [])) }
        #expect(statistics.lines[0].pulses == 4)
        #expect(statistics.lines[0].frequency_hz == 4)
        #expect(statistics.lines[0].shortestPulse == nil)
    }

    @Test func `nothing is measured across a loss`() {
        var statistics = Self.statistics()
        for (time, flags) in [(0, Edge.Flags.rising), (1_000, .rising), (1_500, [])] {
            statistics.edge(Self.edge(UInt64(time), flags))
        }
        statistics.event(
            .gap(
                Gap(
                    .ringFull, .line(LineID(0)), .exactly(2), discovered: Timestamp(nanoseconds: 2_000),
                    from: Timestamp(nanoseconds: 1_500), to: Timestamp(nanoseconds: 2_000))))
        for (time, flags) in [(9_000, Edge.Flags.rising), (9_100, []), (9_700, [.rising, .missedBefore])] {
            statistics.edge(Self.edge(UInt64(time), flags))
        }
        let line = statistics.lines[0]
        #expect(line.pulses == 4)
        #expect(line.periods.count == 1 && line.periods.minimum == 1_000)
        #expect(line.frequency_hz == 1e6)
        #expect(line.shortestPulse == Nanoseconds(100))
    }

    @Test func `one edge has no frequency`() {
        var statistics = Self.statistics()
        statistics.edge(Self.edge(5, .rising))
        #expect(statistics.lines[0].pulses == 1)
        #expect(statistics.lines[0].frequency_hz == nil)
    }
}
