import TapCore
import TestSupport
import Testing

/// Which records are late is decided by what their own source wrote before them, and is in the records.
@Suite struct LatenessTests {
    /// What a source of these batches gives to two consumers: one that reads it alone, and one that reads another source too.
    ///
    /// - Parameter other: up to when the other source promises, before all of this.
    private func flags(
        of batches: [BatchSource.Batch], _ info: SourceInfo, whenFull: RecordWriter.WhenFull = .refuse,
        other: UInt64 = 0, at times: [UInt64]? = nil
    ) -> (alone: [Record], beside: [Record]) {
        let capture = CaptureStage(
            BatchSource(batches, info), ringCapacity: 1024, lines: 0..<4, devices: 0..<2, tags: 0..<1,
            whenFull: whenFull)
        _ = capture.start(at: .zero)
        let feeds = capture.makeFeeds(2)
        let pipe = Pipe(info)
        let alone = MergeStage([MergeInput(feeds[0])], into: RecordCollector())
        let beside = MergeStage([MergeInput(feeds[1]), pipe.input], into: RecordCollector())
        pipe.watermark(other)
        for (number, _) in batches.enumerated() {
            let now = times?[number] ?? UInt64(number)
            _ = capture.step(at: at(now))
            _ = alone.step(at: at(now))
            _ = beside.step(at: at(now))
        }
        #expect(pipe.end(other))
        capture.requestStop()
        _ = capture.step(at: at(times?.last ?? 0))
        return (alone.take().flatMap(LatenessTests.single), beside.take().flatMap(LatenessTests.single))
    }

    /// Blocks are given on in parts.
    private static func single(_ record: Record) -> [Record] {
        guard case .scans(let block, _) = record else { return [record] }
        return (0..<block.count).map { number in
            let time = block.firstTime + block.period * Int64(number)
            return .scans(
                time.nanoseconds, period: block.period.count, count: 1, sequence: block.sequence + UInt64(number),
                isLate: block.isLate)
        }
    }

    private static let fix = ClockFix(
        monotonic: at(50), utcNanoseconds: 7, bracket: .zero, bootID: BootID(high: 1, low: 2), isSynchronised: true,
        sinceSynchronised: .zero, kernelMaximumError: .zero)
    private static let events: [Event] = [
        .level(Level(line: LineID(1), isHigh: true, reason: .resumed, notBefore: at(40), notAfter: at(50))),
        .gap(Gap(.notRecorded, .tag(TagID(0)), .about(3), discovered: at(50), from: at(40), to: at(50))),
        .reread(Reread(line: LineID(1), time: at(50), from: at(1), to: at(2), isHigh: true, agreed: 3, failed: 4)),
        .claim(Claim(tag: TagID(0), value: .bool(true), quality: .unknown, time: at(50), serverTime_ns: 3)),
        .note(Note(time: at(50), author: "tap", text: "a note")), .clockFix(fix),
    ]

    @Test func `what comes after the watermark that covers it is late, whatever other sources did`() {
        let late = LatenessTests.events.map { event in
            var event = event
            event.isLate = true
            return event
        }
        let batches: [BatchSource.Batch] = [
            ([.edge(10)], 100),
            (
                [.edge(100, sequence: 2), .edge(101, sequence: 3)] + LatenessTests.events.map { .event($0) }
                    + [.scans(80, period: 10, count: 5)], 200
            ),
        ]
        let scans = (0..<5 as Range<UInt64>).map { number in
            Record.scans(80 + 10 * number, period: 10, count: 1, sequence: number, isLate: number < 3)
        }
        let wanted: Set<Record> = Set(scans).union([
            .edge(10), .edge(100, sequence: 2, flags: [.rising, .late]), .edge(101, sequence: 3),
        ])
        for other: UInt64 in [0, 60, 1000] {
            let (alone, beside) = flags(of: batches, info(tags: 1), other: other)
            #expect(Set(alone) == wanted.union(late.map { .event($0) }))
            #expect(Set(beside) == Set(alone), "the other one had promised up to \(other)")
        }
    }

    @Test func `what comes within the allowed lateness is not late`() {
        let batches: [BatchSource.Batch] = [([.edge(10)], 100), ([.edge(80), .edge(81, sequence: 2)], 200)]
        let (alone, beside) = flags(of: batches, info(lateness: 20))
        #expect(alone == [.edge(10), .edge(80, flags: [.rising, .late]), .edge(81, sequence: 2)])
        #expect(beside == alone)
    }

    @Test func `of an ordered source what goes back in time is late`() {
        let (alone, beside) = flags(
            of: [([.edge(10), .edge(30), .edge(20), .edge(30, sequence: 2)], 40)], info(isOrdered: true))
        #expect(alone == [.edge(10), .edge(30), .edge(20, flags: [.rising, .late]), .edge(30, sequence: 2)])
        #expect(beside == alone)
    }

    @Test func `what arrives so long after its time that nobody waits any more is late`() {
        var waits = info(silence: .milliseconds(100))
        waits.capabilities.insert(.waitsForRoom)
        let second: UInt64 = 1_000_000_000
        // It may come 1.1 s after its time.
        let batches: [BatchSource.Batch] = [
            ([.edge(1)], 1), ([.edge(8_800_000_000), .edge(8_900_000_000, sequence: 2)], 9 * second),
        ]
        let times = [second, 10 * second]
        let (alone, beside) = flags(of: batches, waits, at: times)
        #expect(alone == [.edge(1), .edge(8_800_000_000, flags: [.rising, .late]), .edge(8_900_000_000, sequence: 2)])
        #expect(beside == alone)
        // Where its time can wait, it is waited for.
        let patient = flags(of: batches, waits, whenFull: .wait, at: times)
        #expect(patient.alone == [.edge(1), .edge(8_800_000_000), .edge(8_900_000_000, sequence: 2)])
    }

    @Test func `merge goes on without a silent source only after what comes then is late`() {
        let info = info(silence: .milliseconds(100))
        let (delay, wait) = (info.longestDelay, info.longestWait)
        #expect(delay == .milliseconds(1_100) && wait == .milliseconds(2_100))
        let capture = CaptureStage(
            BatchSource([([.edge(50)], 50)], info), ringCapacity: 256, lines: 0..<4, devices: 0..<2)
        _ = capture.start(at: .zero)
        let pipe = Pipe(info)
        let merge = MergeStage([MergeInput(capture.makeFeeds(1)[0]), pipe.input], into: RecordCollector())
        pipe.write(.edge(40, line: 1))
        pipe.watermark(1000)
        let (before, then) = (UInt64(wait.count) + 39, UInt64(wait.count) + 40)
        #expect(merge.take(at: before) == [])
        #expect(merge.take(at: then) == [.edge(40, line: 1)])
        _ = capture.step(at: at(then))
        #expect(merge.take(at: then) == [.edge(50, flags: [.rising, .late])])
    }
}

/// Writes a batch and a watermark at each step, whatever their times.
private struct BatchSource: ~Copyable, TapSource {
    typealias Batch = (records: [Record], watermark: UInt64)

    let info: SourceInfo
    private var batches: [Batch]

    init(_ batches: [Batch], _ info: SourceInfo) {
        self.info = info
        self.batches = batches
    }

    mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake { .at(now) }

    mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        guard !batches.isEmpty else { return .at(now) }
        let batch = batches.removeFirst()
        for record in batch.records { record.write(into: &writer) }
        writer.publish()
        writer.watermark(at: Timestamp(nanoseconds: batch.watermark))
        return .at(now)
    }

    mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {}
}
