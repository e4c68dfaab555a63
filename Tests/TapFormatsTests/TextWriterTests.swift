import TapCore
import TestSupport
import Testing

@testable import TapFormats

@Suite struct TextWriterTests {
    @Test func `every kind of record has its line, in columns`() throws {
        let memory = MemoryOutput()
        var writer = TextWriter(Fixture.header, to: ByteWriter(memory))
        try Fixture.play(&writer)
        #expect(memory.text == TextWriterTests.golden)
    }

    @Test func `times before the session began have a minus, long ones more digits`() throws {
        let memory = MemoryOutput()
        var writer = TextWriter(Fixture.header, to: ByteWriter(memory))
        writer.edge(Edge(time: at(999_999_999), line: Fixture.pump, sequence: 1, flags: .rising))
        writer.edge(Edge(time: at(1_234_568_000_000_001), line: Fixture.pump, sequence: 2, flags: []))
        try writer.finish(at: at(0))
        let lines = memory.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            lines == [
                "    -0.000000001  PUMP        rising", " 1234567.000000001  PUMP        falling",
            ])
    }

    @Test func `a clock that is not synchronised and a simulated session say so in the head`() {
        var header = Fixture.header
        header.fix?.isSynchronised = false
        #expect(
            TextWriter.head(of: header)[1]
                == "times are seconds since 2026-11-23T20:02:11.500000000Z +-640 ns by this machine's clock, which is NOT synchronised: UTC may be off"
        )
        header.fix = nil
        header.shortestPulse = .microseconds(20)
        #expect(
            TextWriter.head(of: header)[1]
                == "times are seconds of simulated time, with timestamps of a simulated kernel")
        for index in header.sources[0].lines.indices { header.sources[0].lines[index].queueHeld = nil }
        #expect(TextWriter.head(of: header)[1] == "times are seconds of simulated time, exact")
        #expect(TextWriter.head(of: header).last == "shortest detectable pulse: 20 us")
    }

    @Test func `lost notes are named`() {
        let gap = Gap(.ringFull, .notes, .exactly(3), discovered: at(9), from: at(5), to: at(8))
        #expect(TextWriter.words(gap) == "3 notes: tap's ring was full, within 3 ns")
        #expect(Fixture.header.name(of: .notes) == "notes")
    }

    private static let golden = """
        # tap 1.2.3, remote signals, board rig
        # times are seconds since 2026-11-23T20:02:11.500000000Z +-640 ns by this machine's clock, which is synchronised
        # gpiod: costs $end nothing
        # shortest detectable pulse: not measured on this platform
             0.000000000  clock       2026-11-23T20:02:11.500000000Z +-640 ns, synchronised
             0.000005000  DOOR "A"    high  (first level, read within 4 us)
             0.000005000  PUMP        low  (first level, read within 4 us)
             0.002000000  DOOR "A"    falling
             1.234567890  PUMP        rising
             1.234567890  DOOR "A"    rising  (an edge before it was lost)
             1.200000000  DOOR "A"    falling  (late)
             1.300000000  DOOR "A"    LOSS  2 edges: the kernel's queue was full, within 50 ms
             1.300000000  PUMP        LOSS  at least 1 edge: two edges in a row with the same direction, within 50 ms
             1.300000000  DOOR "A"    LOSS  an unknown number of edges: the level contradicts the edges, within 50 ms
             1.300000500  adc         LOSS  about 1 scan: a jump in the timestamps, within 50 ms
             1.300000000  DOOR "A"    LOSS  at least 7 edges: tap's ring was full, within 50 ms
             1.300000000  DOOR "A"    LOSS  muted: it changes too fast; its level is polled meanwhile
             1.300000000  DOOR "A"    LOSS  about 900 edges while it was muted for 50 ms
             1.300000500  adc         LOSS  its chip or ADC is gone
             1.300000500  adc         back after 50 ms; an unknown number of scans lost
             1.300000000  DOOR "A"    NOT READ  1 of 3 readings of its level failed, within 50 ms
             2.000000100  DOOR "A"    low  (captured again, read within 100 ns)
             2.001000000  adc.AIN0    -1 V  (+-250 us)
             2.001000000  adc.PAIR_0  1 raw  (+-250 us)
             2.001000000  adc.PAIR_1  256 raw  (+-250 us)
             2.002000000  adc.AIN0    128 V
             2.002000000  adc.PAIR_0  8 raw
             2.002000000  adc.PAIR_1  9 raw
             3.000000000  clock       2026-11-23T20:02:14.500000007Z +-700 ns, not synchronised

        """
}
