import TapConformance
import TapCore
import Testing

/// What a line's events and levels give away, from synthetic ones.
@Suite
struct LineAuditTests {
    /// An audit with a ring behind it; times in milliseconds.
    private final class Line {
        private var audit: LineAudit
        private var writer: RecordWriter
        private let merge: MergeStage<RecordCollector>
        private(set) var isDoubtful = false

        init(_ edges: LineOptions.Edges = .both, isNumbered: Bool = true) {
            let ends = Ring.make(capacity: 1 << 10)
            writer = RecordWriter(consume ends.producer, lines: 0..<1, devices: 0..<0)
            audit = LineAudit(
                LineID(0), edges: edges, isNumbered: isNumbered, start: ms(1), grace: .milliseconds(50))
            let info = SourceInfo(
                name: "", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: .edges)
            merge = MergeStage([MergeInput(consume ends.consumer, of: info)], into: RecordCollector())
        }

        func settle(_ isHigh: Bool, _ from: Double, _ to: Double, _ reason: Level.Reason = .first) {
            audit.settle(isHigh, reason, notBefore: ms(from), notAfter: ms(to), into: &writer)
        }

        func edge(_ isRising: Bool, _ sequence: UInt32, _ time: Double) {
            audit.event(
                at: ms(time), sequence: sequence, isRising: isRising, arrived: ms(time + 0.5), into: &writer)
        }

        func reread(_ isHigh: Bool, _ from: Double, _ to: Double) {
            isDoubtful = audit.reread(isHigh, notBefore: ms(from), notAfter: ms(to), into: &writer) == .doubtful
        }

        func restart() { audit.restart() }

        var level: Bool? { audit.level }

        /// All records so far, times in microseconds.
        var records: [String] {
            _ = writer.end(at: ms(10_000))
            _ = merge.step(at: ms(10_000))
            return merge.withSink { $0.recording.records }.map { record in
                switch record {
                case .edge(let edge):
                    "\(us(edge.time)) \(edge.isRising ? "+" : "-") #\(edge.sequence)"
                        + (edge.flags.contains(.missedBefore) ? " missed" : "")
                        + (edge.flags.contains(.unnumbered) ? " unnumbered" : "")
                case .event(.level(let level)): "\(us(level.notAfter)) \(level.isHigh ? "high" : "low") \(level.reason)"
                case .event(.gap(let gap)):
                    "\(us(gap.discovered)) \(gap.kind) \(gap.count) \(us(gap.from))...\(us(gap.to))"
                default: "?"
                }
            }
        }
    }

    @Test func `edges that alternate and count up are nothing but edges`() {
        let line = Line()
        line.settle(false, 2, 3)
        line.edge(true, 1, 10)
        line.edge(false, 2, 11)
        #expect(line.records == ["3000 low first", "10000 + #1", "11000 - #2"])
    }

    @Test func `a jump of the numbers is counted exactly`() {
        let line = Line()
        line.settle(false, 2, 3)
        line.edge(true, 1, 10)
        line.edge(false, 478, 50)
        line.edge(true, 479, 51)
        #expect(
            line.records == [
                "3000 low first", "10000 + #1", "50000 - #478 missed",
                "50500 kernelQueueOverflow exactly(476) 10000...50000", "51000 + #479",
            ])
    }

    @Test func `numbers wrap at 2 to the 32`() {
        let line = Line()
        line.settle(false, 2, 3)
        line.edge(true, .max, 10)
        line.edge(false, 0, 11)
        line.edge(true, 3, 20)
        #expect(
            line.records == [
                "3000 low first", "10000 + #4294967295 missed",
                "10500 kernelQueueOverflow exactly(4294967294) 2000...10000", "11000 - #0", "20000 + #3 missed",
                "20500 kernelQueueOverflow exactly(2) 11000...20000",
            ])
    }

    @Test func `two edges of one direction in a row shows one between`() {
        let line = Line()
        line.settle(false, 2, 3)
        line.edge(true, 1, 10)
        line.edge(true, 2, 20)
        line.edge(false, 3, 30)
        #expect(
            line.records == [
                "3000 low first", "10000 + #1", "20000 + #2 missed",
                "20500 repeatedPolarity atLeast(1) 10000...20000", "30000 - #3",
            ])
    }

    @Test func `the first edge repeating the first level shows one before`() {
        let line = Line()
        line.settle(false, 2, 3)
        line.edge(false, 1, 10)
        #expect(
            line.records == [
                "3000 low first", "10000 - #1 missed", "10500 repeatedPolarity atLeast(1) 2000...10000",
            ])
    }

    @Test func `a direction that the dropped events cannot lead to shows one more`() {
        let line = Line()
        line.settle(false, 2, 3)
        line.edge(true, 1, 10)
        // Two dropped, down and up: the next must be down.
        line.edge(true, 4, 20)
        #expect(
            line.records == [
                "3000 low first", "10000 + #1", "20000 + #4 missed",
                "20500 kernelQueueOverflow exactly(2) 10000...20000", "20500 repeatedPolarity atLeast(1) 10000...20000",
            ])
    }

    @Test func `events dropped around a reading say nothing about directions`() {
        let line = Line()
        line.settle(false, 2, 3)
        line.edge(true, 2, 10)
        line.edge(false, 3, 11)
        #expect(
            line.records == [
                "3000 low first", "10000 + #2 missed", "10500 kernelQueueOverflow exactly(1) 2000...10000",
                "11000 - #3",
            ])
    }

    @Test(arguments: [true, false])
    func `an edge within the bracket of the first level may be before or after it`(_ isSeenByTheReading: Bool) {
        let line = Line()
        line.settle(isSeenByTheReading, 2, 5)
        line.edge(true, 1, 4)
        line.edge(false, 2, 10)
        #expect(
            line.records == [
                "4000 + #1", "5000 \(isSeenByTheReading ? "high" : "low") first", "10000 - #2",
            ])
    }

    @Test func `an edge from before the reading does not change the level`() {
        let line = Line()
        line.settle(false, 4, 5)
        line.edge(true, 1, 3)
        #expect(line.level == false)
        line.edge(true, 2, 10)
        #expect(line.records == ["3000 + #1", "5000 low first", "10000 + #2"])
    }

    @Test func `a level that no edge explains is reported when the grace is over`() {
        let line = Line()
        line.settle(false, 2, 3)
        line.edge(true, 1, 10)
        line.reread(false, 100, 101)
        #expect(line.isDoubtful)
        line.reread(false, 149, 150)
        #expect(line.isDoubtful)
        line.reread(false, 150, 151)
        #expect(!line.isDoubtful)
        #expect(line.level == false)
        line.reread(false, 1_000, 1_001)
        #expect(
            line.records == [
                "3000 low first", "10000 + #1", "151000 levelDisagreement atLeast(1) 10000...100000",
                "151000 low disagreement",
            ])
    }

    @Test func `a level whose event is still under way is no disagreement`() {
        let line = Line()
        line.settle(false, 2, 3)
        line.reread(true, 100, 101)
        #expect(line.isDoubtful)
        line.edge(true, 1, 99)
        line.reread(true, 160, 161)
        #expect(!line.isDoubtful)
        #expect(line.records == ["3000 low first", "99000 + #1"])
    }

    @Test func `a line that goes on changing is given a new grace`() {
        let line = Line()
        line.settle(false, 2, 3)
        line.reread(true, 100, 101)
        line.edge(true, 1, 101)
        line.edge(false, 2, 158)
        line.reread(true, 160, 161)
        #expect(line.isDoubtful)
        line.edge(true, 3, 159)
        line.reread(true, 220, 221)
        #expect(!line.isDoubtful)
        #expect(line.records == ["3000 low first", "101000 + #1", "158000 - #2", "159000 + #3"])
    }

    @Test func `a request made anew counts from one and knows no level`() {
        let line = Line()
        line.settle(false, 2, 3)
        line.edge(true, 1, 10)
        line.restart()
        #expect(line.level == nil)
        line.settle(true, 20, 21, .resumed)
        line.edge(false, 1, 30)
        #expect(
            line.records == ["3000 low first", "10000 + #1", "21000 high resumed", "30000 - #1"])
    }

    @Test func `without numbers, events are counted and losses inferred`() {
        let line = Line(isNumbered: false)
        line.settle(false, 2, 3)
        line.edge(true, 0, 10)
        line.edge(true, 0, 20)
        #expect(
            line.records == [
                "3000 low first", "10000 + #1 unnumbered", "20000 + #2 missed unnumbered",
                "20500 repeatedPolarity atLeast(1) 10000...20000",
            ])
    }

    @Test func `with one direction asked for, directions and levels prove nothing`() {
        let line = Line(.rising)
        line.settle(false, 2, 3)
        line.edge(true, 1, 10)
        line.edge(true, 2, 20)
        line.reread(false, 100, 101)
        #expect(!line.isDoubtful)
        line.edge(true, 4, 200)
        #expect(
            line.records == [
                "3000 low first", "10000 + #1", "20000 + #2", "200000 + #4 missed",
                "200500 kernelQueueOverflow exactly(1) 20000...200000",
            ])
    }

    @Test func `levels polled while muted do not move the span of a loss`() {
        let line = Line()
        line.settle(false, 2, 3)
        line.edge(true, 1, 10)
        line.settle(false, 50, 51, .muted)
        line.edge(false, 4, 20)
        line.settle(true, 100, 101, .resumed)
        line.edge(false, 5, 110)
        #expect(
            line.records == [
                "3000 low first", "10000 + #1", "20000 - #4 missed",
                "20500 kernelQueueOverflow exactly(2) 10000...20000", "51000 low muted", "101000 high resumed",
                "110000 - #5",
            ])
    }
}

private func ms(_ time: Double) -> Timestamp { Timestamp(nanoseconds: UInt64(time * 1_000_000)) }
private func us(_ time: Timestamp) -> UInt64 { time.nanoseconds / 1_000 }
