import TapCore
import TestSupport
import Testing

/// What went into the ring and what is reported as refused is what was written.
@Suite struct RecordWriterTests {
    /// Fills a ring of 256 cells with edges of line 0 until none fits.
    private func full() -> Pipe {
        let pipe = Pipe(ring: 256, info(silence: .zero))
        for time in 1...192 { pipe.write(.edge(UInt64(time))) }
        #expect(pipe.writer.staged == 192)
        return pipe
    }

    /// Leaves one cell of a full ring.
    private func useUpReserve(of pipe: Pipe) {
        for _ in 0..<21 { pipe.write(gap(.unknown, .muted, of: .line(LineID(3)), at: 192, from: 0, to: 0)) }
    }

    private func gap(
        _ count: Gap.Count, _ kind: Gap.Kind = .ringFull, of subject: Gap.Subject = .line(LineID(0)), at time: UInt64,
        from: UInt64, to: UInt64
    ) -> Record {
        .gap(
            Gap(
                kind, subject, count, discovered: Timestamp(nanoseconds: time), from: Timestamp(nanoseconds: from),
                to: Timestamp(nanoseconds: to)))
    }

    @Test func `refused edges are reported before the next that fits`() {
        let pipe = full()
        let merge = MergeStage([pipe.input], into: RecordCollector())
        for time in 200...209 { pipe.write(.edge(UInt64(time))) }
        #expect(pipe.writer.edges == 192)
        #expect(merge.take(at: 199) == (1...192).map { .edge(UInt64($0)) })
        pipe.write(.edge(300))
        #expect(merge.take(at: 300) == [gap(.exactly(10), at: 300, from: 200, to: 209), .edge(300)])
        #expect(pipe.writer.edges == 193)
    }

    @Test func `losses are reported line by line`() {
        let pipe = full()
        let merge = MergeStage([pipe.input], into: RecordCollector())
        for time in 201...205 { pipe.write(.edge(UInt64(time), line: 1)) }
        pipe.write(.scans(206, period: 2, count: 7), .edge(207, line: 2), .edge(208, line: 1))
        _ = merge.take(at: 199)
        pipe.watermark(400)
        #expect(
            merge.take(at: 500) == [
                gap(.exactly(6), of: .line(LineID(1)), at: 400, from: 201, to: 208),
                gap(.exactly(1), of: .line(LineID(2)), at: 400, from: 207, to: 207),
                gap(.exactly(7), of: .device(DeviceID(0)), at: 400, from: 206, to: 218),
            ])
    }

    @Test func `a loss at the tail is reported at the end`() {
        let pipe = full()
        let merge = MergeStage([pipe.input], into: RecordCollector())
        useUpReserve(of: pipe)
        pipe.write(.edge(200))
        #expect(!pipe.end(300))
        #expect(merge.take(at: 199).count == 192 + 21)
        #expect(pipe.end(301))
        #expect(merge.take(at: 199) == [gap(.exactly(1), at: 301, from: 200, to: 200)])
        #expect(merge.withSink { $0.finishes } == 1)
    }

    @Test func `gaps that do not fit are folded in`() {
        let pipe = full()
        let merge = MergeStage([pipe.input], into: RecordCollector())
        useUpReserve(of: pipe)
        pipe.write(
            gap(.exactly(40), .kernelQueueOverflow, of: .line(LineID(0)), at: 210, from: 200, to: 205),
            gap(.atLeast(2), .repeatedPolarity, of: .line(LineID(1)), at: 211, from: 195, to: 206),
            gap(.about(1000), .scansMissing, of: .device(DeviceID(0)), at: 212, from: 196, to: 207),
            gap(.unknown, .sourceGone, of: .device(DeviceID(1)), at: 213, from: 213, to: 213),
            .edge(220, line: 0), .edge(221, line: 1), .scans(222, period: 0, count: 3))
        _ = merge.take(at: 199)
        pipe.watermark(0)
        #expect(
            merge.take(at: 500) == [
                gap(.unknown, .sourceGone, of: .device(DeviceID(1)), at: 213, from: 213, to: 213),
                gap(.exactly(41), of: .line(LineID(0)), at: 220, from: 200, to: 220),
                gap(.atLeast(3), of: .line(LineID(1)), at: 221, from: 195, to: 221),
                gap(.about(1003), of: .device(DeviceID(0)), at: 222, from: 196, to: 222),
            ])
    }

    /// Gone, back, muted: whoever reads on has to know it, however full the ring was.
    @Test func `a state that found no room is reported`() {
        let pipe = full()
        let merge = MergeStage([pipe.input], into: RecordCollector())
        useUpReserve(of: pipe)
        let muted = gap(.unknown, .muted, at: 205, from: 205, to: .max)
        pipe.write(.edge(200), muted)
        _ = merge.take(at: 199)
        pipe.write(gap(.unknown, .muted, at: 400, from: 205, to: 400))
        pipe.watermark(500)
        #expect(
            merge.take(at: 600) == [
                muted, gap(.exactly(1), at: 400, from: 200, to: 200),
                gap(.unknown, .muted, at: 400, from: 205, to: 400),
            ])
    }

    @Test func `a state is taken in by a later one that spans it`() {
        let pipe = full()
        let merge = MergeStage([pipe.input], into: RecordCollector())
        useUpReserve(of: pipe)
        pipe.write(
            gap(.unknown, .sourceGone, at: 205, from: 205, to: .max),
            gap(.unknown, .sourceBack, at: 300, from: 205, to: 300))
        _ = merge.take(at: 199)
        pipe.watermark(500)
        #expect(merge.take(at: 600) == [gap(.unknown, .sourceBack, at: 300, from: 205, to: 300)])
    }

    @Test func `a state that another replaces is a loss`() {
        let pipe = full()
        let merge = MergeStage([pipe.input], into: RecordCollector())
        useUpReserve(of: pipe)
        pipe.write(
            gap(.atLeast(3), .muted, at: 210, from: 205, to: 210),
            gap(.unknown, .sourceGone, at: 211, from: 211, to: .max))
        _ = merge.take(at: 199)
        pipe.watermark(500)
        #expect(
            merge.take(at: 600) == [
                gap(.unknown, .sourceGone, at: 211, from: 211, to: .max),
                gap(.atLeast(3), at: 500, from: 205, to: 210),
            ])
    }

    /// Nobody reads a ring that is full: its last cells are for what changes.
    @Test func `a loss is reported once there is room again`() {
        let pipe = full()
        pipe.write(.edge(200))
        let staged = pipe.writer.staged
        for time in 201..<300 { pipe.watermark(UInt64(time)) }
        #expect(pipe.writer.staged == staged)
    }

    @Test func `a count that overflows is no longer exact`() {
        let pipe = full()
        let merge = MergeStage([pipe.input], into: RecordCollector())
        useUpReserve(of: pipe)
        for _ in 0..<2 { pipe.write(gap(.exactly(.max - 1), .kernelQueueOverflow, at: 200, from: 200, to: 200)) }
        _ = merge.take(at: 199)
        pipe.watermark(0)
        #expect(merge.take(at: 500) == [gap(.atLeast(.max), at: 200, from: 200, to: 200)])
    }

    @Test func `no watermark is written while a loss is to be reported`() {
        let pipe = Pipe(ring: 256, info(silence: .seconds(1)))
        let merge = MergeStage([pipe.input], into: RecordCollector())
        for time in 1...192 { pipe.write(.edge(UInt64(time))) }
        useUpReserve(of: pipe)
        pipe.write(.edge(200))
        let staged = pipe.writer.staged
        pipe.watermark(1000)
        #expect(pipe.writer.staged == staged)
        // It would have let all of these through.
        #expect(merge.take(at: 1000) == [])
        pipe.watermark(1001)
        #expect(merge.take(at: 1001).last == gap(.exactly(1), at: 1001, from: 200, to: 200))
    }

    @Test func `a source that waits hears of room again once its loss is reported`() {
        let pipe = Pipe(ring: 256, whenFull: .wait, info(silence: .zero))
        let merge = MergeStage([pipe.input], into: RecordCollector())
        // More first levels than fit: those cannot wait.
        let first = Level(line: LineID(1), isHigh: true, reason: .first, notBefore: .zero, notAfter: .zero)
        for _ in 0..<130 { pipe.write(.level(first)) }
        #expect(pipe.shouldWait())
        let levels = merge.take(at: .max)
        #expect(!pipe.shouldWait())
        pipe.writer.publish()
        let reported = merge.take(at: .max)
        #expect(UInt64(levels.count) + reported.reduce(0) { $0 + $1.lost } == 130)
    }

    @Test func `a writer that refuses never asks to wait`() {
        let pipe = full()
        #expect(!pipe.shouldWait())
        #expect(!pipe.shouldWait(forCells: 1000))
    }

    @Test func `the largest block fits an empty ring wherever its end is`() {
        let pipe = Pipe(ring: 256, info(silence: .zero))
        let merge = MergeStage([pipe.input], into: RecordCollector())
        #expect(pipe.writer.largestBlock == 60 * 16)
        for time in 0..<100 {
            pipe.write(.scans(UInt64(time), period: 0, count: 480), .edge(UInt64(time)))
            #expect(merge.take(at: .max).count == 2)
        }
        #expect(pipe.writer.scans == 48_000)
    }

    @Test func `delays are from the stamp to the arrival`() {
        let pipe = Pipe()
        let edge = Edge(time: Timestamp(nanoseconds: 1000), line: LineID(0), sequence: 1, flags: .rising)
        for arrived in [1000, 1100, 900] as [UInt64] {
            pipe.writer.edge(edge, arrived: Timestamp(nanoseconds: arrived))
        }
        #expect(pipe.writer.delays.count == 3)
        #expect(pipe.writer.delays.maximum == 100)
        #expect(pipe.writer.delays.minimum == 0)
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `what went in and what is reported is what was written`(seed: UInt64) {
        var random = Dice(seed)
        let tap = ThrottledPipe(ring: 256 << random.below(3))
        var written = Tally()
        var time: UInt64 = 0
        let slowness = 1 + random.below(40)
        for _ in 0..<1000 {
            time += UInt64(random.below(50))
            let line = UInt16(random.below(4))
            let record: Record =
                switch random.below(30) {
                case 0: gap(.exactly(5), .kernelQueueOverflow, of: .line(LineID(line)), at: time, from: 0, to: time)
                case 1: gap(.atLeast(2), .levelDisagreement, of: .line(LineID(line)), at: time, from: 0, to: time)
                case 2: gap(.about(9), .scansMissing, of: .device(DeviceID(0)), at: time, from: 0, to: time)
                case 3: gap(.unknown, .sourceGone, of: .device(DeviceID(1)), at: time, from: time, to: time)
                case 4...5: .scans(time, period: 0, count: 1 + random.below(400), device: UInt16(random.below(2)))
                default: .edge(time, line: line)
                }
            written.add(record)
            record.write(into: &tap.writer)
            if random.isTrue(oneIn: 10) { tap.writer.watermark(at: Timestamp(nanoseconds: time)) }
            tap.writer.publish()
            if random.isTrue(oneIn: slowness) { tap.drain(random.below(100)) }
        }
        while !tap.writer.end(at: Timestamp(nanoseconds: time)) { tap.drain(1 + random.below(20)) }
        var read = Tally()
        let records = tap.finish()
        for record in records { read.add(record) }
        #expect(read.counts == written.counts)
        #expect(records.count(where: { if case .edge = $0 { true } else { false } }) == Int(tap.writer.edges))
        if slowness > 20 { #expect(records.contains { $0.isRingFull }) }
    }
}

extension RecordWriterTests {
    @Test func `claims of a full ring are counted by their tags`() {
        let pipe = Pipe(ring: 256, info(tags: 2))
        let merge = MergeStage([pipe.input], into: RecordCollector())
        func claim(_ tag: UInt16, _ time: UInt64) -> Event {
            .claim(Claim(tag: TagID(tag), value: .bool(true), time: Timestamp(nanoseconds: time)))
        }
        // Of 256 cells 64 are held back, and a claim of no text takes three.
        let written = (1...100 as ClosedRange<UInt64>).count { pipe.event(claim(UInt16($0 % 2), $0)) }
        #expect(written == 64)
        #expect(pipe.end(200))
        let records = merge.take(at: .max)
        #expect(records.count == 66)
        #expect(
            records.suffix(2)
                == [(0, 66, 100), (1, 65, 99)].map { tag, from, to in
                    .gap(
                        Gap(
                            .ringFull, .tag(TagID(tag)), .exactly(18), discovered: Timestamp(nanoseconds: 200),
                            from: Timestamp(nanoseconds: from), to: Timestamp(nanoseconds: to)))
                })
    }

    @Test func `notes of a full ring are counted`() {
        let pipe = full()
        let merge = MergeStage([pipe.input], into: RecordCollector())
        func note(_ time: UInt64) -> Event {
            .note(Note(time: Timestamp(nanoseconds: time), author: ShortText("tap"), text: ShortText("valve open")))
        }
        // Into the cells held back, but for those of a gap; a note of two short texts takes three.
        let written = (201...240 as ClosedRange<UInt64>).count { pipe.event(note($0)) }
        #expect(written == 20)
        #expect(merge.take(at: 250).count == 192 + 20)
        #expect(pipe.event(note(260)))
        #expect(pipe.end(300))
        #expect(
            merge.take(at: .max) == [
                gap(.exactly(20), of: .notes, at: 260, from: 221, to: 240), .event(note(260)),
            ])
    }

    /// That nothing happened must not take the room of what does.
    @Test func `readings that agree are written only into a ring that is half empty`() {
        let pipe = Pipe(ring: 256)
        let reread = Reread(
            line: LineID(0), time: .zero, from: .zero, to: .zero, isHigh: true, agreed: 1, failed: 0)
        for time in 1...125 as ClosedRange<UInt64> { pipe.write(.edge(time)) }
        #expect(pipe.event(.reread(reread)))
        #expect(!pipe.event(.reread(reread)))
        #expect(pipe.writer.staged == 128)
    }
}

extension Record {
    var isRingFull: Bool { if case .event(.gap(let gap)) = self { gap.kind == .ringFull } else { false } }
    /// What a gap counts.
    var lost: UInt64 { if case .event(.gap(let gap)) = self { gap.count.known } else { 0 } }
}

/// Records by what they are of, a gap for as many as it reports.
private struct Tally {
    var counts: [Gap.Subject: UInt64] = [:]

    mutating func add(_ record: Record) {
        switch record {
        case .edge(let edge): counts[.line(edge.line), default: 0] += 1
        case .event(.level(let level)): counts[.line(level.line), default: 0] += 1
        case .event(.gap(let gap)): counts[gap.subject, default: 0] += max(1, gap.count.known)
        case .event: break
        case .scans(let block, _): counts[.device(block.device), default: 0] += UInt64(block.count)
        }
    }
}

/// A writer whose ring is emptied cell by cell into one so large that nothing is lost there.
private final class ThrottledPipe {
    var writer: RecordWriter
    private var small: RingConsumer
    private let large = Reservoir()

    init(ring: Int) {
        let first = Ends(capacity: ring)
        writer = RecordWriter(first.producer, lines: 0..<4, devices: 0..<2)
        small = first.consumer
    }

    func drain(_ count: Int) {
        for _ in 0..<count {
            guard let cell = small.pop() else { return }
            large.push(cell)
        }
    }

    func finish() -> [Record] {
        drain(.max)
        return MergeStage([large.input], into: RecordCollector()).take(at: 0)
    }
}

/// A ring so large that nothing is lost there. It ends where the small one ends too, so no record is torn.
private final class Reservoir {
    private var ring: RingProducer
    let input: MergeInput

    init() {
        let ends = Ends(capacity: 1 << 15)
        ring = ends.producer
        input = MergeInput(ends.consumer, of: info())
    }

    func push(_ cell: Cell) {
        guard ring.push(cell) else { preconditionFailure("the large ring is too small") }
    }
}
