import TestSupport
import Testing

@testable import TapCore

@Suite struct LineAuditTests {
    /// What a line's audit makes of events that come in batches of so many.
    private static func records(of events: [LineEvent], inBatchesOf size: Int, edges: LineOptions.Edges) -> [Cell] {
        let ends = Ends(capacity: 4096)
        var writer = RecordWriter(ends.producer, lines: 0..<1, devices: 0..<0)
        var ring = ends.consumer
        var audit = LineAudit(LineID(0), edges: edges, isNumbered: true, start: .zero)
        let read = Timestamp(nanoseconds: 100)
        audit.settle(false, .first, notBefore: read, notAfter: read, into: &writer)
        for start in stride(from: 0, to: events.count, by: size) {
            let batch = Array(events[start..<min(start + size, events.count)])
            audit.take(batch.span, arrived: Timestamp(nanoseconds: 1_000_000), into: &writer)
        }
        var cells: [Cell] = []
        while let cell = ring.pop() { cells.append(cell) }
        #expect(writer.delays.count == UInt64(events.count))
        return cells
    }

    @Test func `what goes back in time behind the first of a batch is late if a watermark covers it`() {
        let ends = Ends(capacity: 4096)
        var writer = RecordWriter(ends.producer, lines: 0..<1, devices: 0..<0)
        var ring = ends.consumer
        writer.judgeLateness(of: info(), isPatient: true)
        var audit = LineAudit(LineID(0), edges: .both, isNumbered: true, start: .zero)
        writer.watermark(at: at(1_000))
        // The second is behind the watermark, the fourth only behind the third.
        let times: [UInt64] = [1_100, 900, 1_300, 1_200, 1_400]
        let events = times.enumerated().map { number, time in
            LineEvent(nanoseconds: time, sequence: UInt32(number + 1), rising: UInt32(1 - number % 2))
        }
        audit.take(events.span, arrived: at(2_000), into: &writer)
        var edges: [String] = []
        while let cell = ring.pop() {
            guard RecordHeader(cell).kind == .edge else { continue }
            let edge = Edge(cell: cell)
            edges.append("\(edge.time.nanoseconds)\(edge.flags.contains(.late) ? " late" : "")")
        }
        #expect(edges == ["1100", "900 late", "1300", "1200", "1400"])
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `a batch gives what its events give one by one`(seed: UInt64) {
        var random = Dice(seed)
        var events: [LineEvent] = []
        var (time, number, rising) = (50 as UInt64, 0 as UInt32, 0 as UInt32)
        for _ in 0..<300 {
            // Gaps in the numbers, directions that repeat, times that stand still or go back: all rare.
            let isOdd = random.isTrue(oneIn: 8)
            number &+= isOdd && random.isTrue(oneIn: 3) ? UInt32(random.below(4)) : 1
            rising = isOdd && random.isTrue(oneIn: 3) ? rising : 1 - rising
            time += UInt64(random.below(isOdd ? 2 : 5_000))
            events.append(
                LineEvent(
                    nanoseconds: isOdd && random.isTrue(oneIn: 3)
                        ? time - min(time, UInt64(random.below(9_000))) : time,
                    sequence: number, rising: rising))
        }
        for edges in [LineOptions.Edges.both, .rising] {
            let single = LineAuditTests.records(of: events, inBatchesOf: 1, edges: edges)
            for size in [2, 17, 256, 300] {
                #expect(LineAuditTests.records(of: events, inBatchesOf: size, edges: edges) == single)
            }
        }
    }

    @Test func `delays are those of the events, also where time goes back within a batch`() {
        let ends = Ends(capacity: 4096)
        var writer = RecordWriter(ends.producer, lines: 0..<1, devices: 0..<0)
        var audit = LineAudit(LineID(0), edges: .both, isNumbered: true, start: .zero)
        let times: [UInt64] = [1_000, 2_000, 1_500, 1_400, 9_000, 10_100]
        let events = times.enumerated().map {
            LineEvent(nanoseconds: $1, sequence: UInt32($0 + 1), rising: UInt32(1 - $0 % 2))
        }
        audit.take(events.span, arrived: Timestamp(nanoseconds: 10_000), into: &writer)
        #expect(writer.delays.count == 6)
        #expect(writer.delays.minimum == 0 && writer.delays.maximum == 9_000)
        for (share, delay) in [(2.0 / 6, 1_000), (0.5, 8_000), (5.0 / 6, 8_600)] as [(Double, Double)] {
            let quantile = writer.delays.quantile(share).map { Double($0) }
            #expect(quantile.map { abs($0 - delay) <= delay / 100 } == true)
        }
    }
}
