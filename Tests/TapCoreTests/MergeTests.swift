import TapCore
import Testing

@Suite struct MergeTests {
    /// As many pipes as there are infos, merged.
    private func merged(_ infos: SourceInfo...) -> (pipes: [Pipe], merge: MergeStage<RecordCollector>) {
        let pipes = infos.map { Pipe($0) }
        return (pipes, MergeStage(pipes.map(\.input), into: RecordCollector()))
    }

    @Test func `records come in the order of time`() {
        let (pipes, merge) = merged(info(), info())
        pipes[0].write(.edge(10), .edge(30), .edge(50))
        pipes[1].write(.edge(20, line: 1), .edge(40, line: 1))
        for pipe in pipes { pipe.watermark(50) }
        #expect(
            merge.take() == [.edge(10), .edge(20, line: 1), .edge(30), .edge(40, line: 1), .edge(50)])
    }

    @Test func `records of one time come in the order of sources, then of writing`() {
        let (pipes, merge) = merged(info(), info(), info())
        for (index, pipe) in pipes.enumerated().reversed() {
            for sequence in 1...3 as ClosedRange<UInt32> {
                pipe.write(.edge(7, line: UInt16(index), sequence: sequence))
            }
            pipe.watermark(7)
        }
        #expect(
            merge.take()
                == (0...2).flatMap { line in (1...3).map { .edge(7, line: line, sequence: $0) } })
    }

    @Test func `a source that writes out of order is sorted`() {
        let (pipes, merge) = merged(info())
        pipes[0].write(.edge(30), .edge(10), .edge(20, sequence: 1), .edge(20, sequence: 2))
        pipes[0].watermark(30)
        #expect(merge.take() == [.edge(10), .edge(20, sequence: 1), .edge(20, sequence: 2), .edge(30)])
    }

    @Test func `nothing is given on before every source has promised`() {
        let (pipes, merge) = merged(info(), info())
        pipes[0].write(.edge(0), .edge(10), .edge(20))
        pipes[0].watermark(20)
        // Not even what is of time zero.
        #expect(merge.take(at: 20) == [])
        pipes[1].watermark(9)
        #expect(merge.take(at: 20) == [.edge(0)])
        pipes[1].watermark(10)
        #expect(merge.take(at: 20) == [.edge(10)])
        pipes[1].write(.edge(15, line: 1))
        pipes[1].watermark(100)
        #expect(merge.take(at: 20) == [.edge(15, line: 1), .edge(20)])
    }

    @Test func `allowed lateness holds the promise back`() {
        let (pipes, merge) = merged(info(lateness: 20))
        pipes[0].write(.edge(0), .edge(80), .edge(100))
        pipes[0].watermark(19)
        #expect(merge.take() == [])
        pipes[0].watermark(100)
        #expect(merge.take() == [.edge(0), .edge(80)])
        pipes[0].write(.edge(81, sequence: 2))
        pipes[0].watermark(120)
        #expect(merge.take() == [.edge(81, sequence: 2), .edge(100)])
    }

    @Test func `what comes late is given on at once and flagged`() {
        let (pipes, merge) = merged(info(), info())
        pipes[0].write(.edge(90))
        for pipe in pipes { pipe.watermark(100) }
        #expect(merge.take() == [.edge(90)])
        pipes[1].write(.edge(80, line: 1), .edge(90, line: 1), .edge(95, line: 1))
        #expect(
            merge.take() == [
                .edge(80, line: 1, flags: [.rising, .late]), .edge(90, line: 1), .edge(95, line: 1),
            ])
    }

    @Test func `a silent source holds nothing back past its longest silence`() {
        let (pipes, merge) = merged(info(), info(silence: Nanoseconds(100)))
        pipes[0].write(.edge(50), .edge(51), .edge(200))
        pipes[0].watermark(1000)
        #expect(merge.take(at: 100) == [])
        #expect(merge.take(at: 150) == [.edge(50)])
        #expect(merge.take(at: 151) == [.edge(51)])
        #expect(merge.take(at: 300) == [.edge(200)])
    }

    @Test func `a source that waits for room is waited for however long it is silent`() {
        let patient = (0..<2).map { _ in Pipe(isPatient: true, info(silence: Nanoseconds(100))) }
        let merge = MergeStage(patient.map(\.input), into: RecordCollector())
        patient[0].write(.edge(50))
        patient[0].watermark(1000)
        #expect(merge.take(at: 1_000_000) == [])
        patient[1].write(.edge(40, line: 1))
        patient[1].watermark(49)
        #expect(merge.take(at: 2_000_000) == [.edge(40, line: 1)])
        patient[1].watermark(50)
        #expect(merge.take(at: 2_000_000) == [.edge(50)])
    }

    @Test func `what was given on does not make a watermark look stuck`() {
        // As much as may wait, most of it given on already; the late block is still in the ring.
        let pipe = Pipe(ring: 1024, staging: 1024, isPatient: true, info())
        let merge = MergeStage([pipe.input], into: RecordCollector())
        for time in 1...700 as ClosedRange<UInt64> { pipe.write(.edge(time)) }
        pipe.watermark(500)
        #expect(merge.take() == (1...500).map { .edge($0) })
        for time in 701...900 as ClosedRange<UInt64> { pipe.write(.edge(time)) }
        pipe.write(.edge(600, line: 1))
        pipe.watermark(900)
        let read = merge.take() + merge.take()
        #expect(read.map(\.time.nanoseconds) == (501...600).map { $0 } + [600] + (601...900).map { $0 })
    }

    @Test func `an ordered source keeps its order, and what goes back is flagged`() {
        let (pipes, merge) = merged(info(isOrdered: true))
        pipes[0].write(.edge(10), .edge(30), .edge(20), .edge(40))
        #expect(merge.take() == [.edge(10), .edge(30), .edge(20, flags: [.rising, .late])])
        pipes[0].watermark(40)
        #expect(merge.take() == [.edge(40)])
    }

    @Test func `a source that ended holds nothing back`() {
        let (pipes, merge) = merged(info(), info(silence: .seconds(1)))
        pipes[0].write(.edge(50))
        pipes[0].watermark(60)
        pipes[1].write(.edge(55, line: 1))
        #expect(merge.take() == [])
        #expect(pipes[1].end(55))
        #expect(merge.take() == [.edge(50), .edge(55, line: 1)])
        #expect(merge.withSink { $0.finishes } == 0)
        #expect(pipes[0].end(60))
        #expect(merge.step(at: .zero) == .ended)
        #expect(merge.withSink { $0.finishes } == 1)
        #expect(merge.step(at: .zero) == .ended)
    }

    @Test func `a record at the end of time is given on`() {
        let (pipes, merge) = merged(info(), info())
        pipes[0].write(.edge(.max))
        pipes[1].write(.edge(5, line: 1))
        #expect(pipes[0].end(60))
        #expect(pipes[1].end(60))
        #expect(merge.take() == [.edge(5, line: 1), .edge(.max)])
        #expect(merge.step(at: .zero) == .ended)
    }

    @Test func `times are compared by the monotonic clock`() {
        let (pipes, merge) = merged(info(offset: 1000), info(offset: -500), info())
        pipes[0].write(.edge(10, line: 0), .edge(20, line: 0))
        pipes[1].write(.edge(1515, line: 1), .edge(1525, line: 1))
        pipes[2].write(.edge(1012, line: 2), .edge(1030, line: 2))
        pipes[0].watermark(20)
        pipes[1].watermark(1530)
        pipes[2].watermark(1030)
        // The stamps themselves stay the source's own.
        #expect(
            merge.take() == [
                .edge(10, line: 0), .edge(1012, line: 2), .edge(1515, line: 1), .edge(20, line: 0),
            ])
    }

    @Test func `a source far ahead stays in its ring, which reports its loss`() {
        let ahead = Pipe(ring: 256, staging: 256, info(silence: .seconds(1)))
        let behind = Pipe(ring: 256, info(silence: .seconds(1)))
        let merge = MergeStage([ahead.input, behind.input], into: RecordCollector())
        for time in 1...2000 as ClosedRange<UInt64> {
            ahead.write(.edge(time))
            if time % 10 == 0 {
                ahead.watermark(time)
                #expect(merge.take(at: time) == [])
            }
        }
        #expect(behind.end(1))
        var records = merge.take(at: 2000)
        #expect(ahead.end(2000))
        records += merge.take(at: 2000)
        // What may wait, and what the ring holds but for its reserve.
        #expect(ahead.writer.edges < 256 + 192)
        #expect(records.count { $0.isRingFull } > 0)
        #expect(UInt64(records.count { !$0.isRingFull }) == ahead.writer.edges)
        #expect(ahead.writer.edges + records.reduce(0) { $0 + $1.lost } == 2000)
    }

    @Test func `a watermark stuck behind what waits is not waited for`() {
        let pipe = Pipe(ring: 256, staging: 256, info(silence: .seconds(1)))
        let merge = MergeStage([pipe.input], into: RecordCollector())
        var read: [Record] = []
        for time in 1...3000 as ClosedRange<UInt64> {
            pipe.write(.edge(time))
            if time % 100 == 0 { read += merge.take(at: 0) }
        }
        pipe.watermark(3000)
        read += merge.take(at: 0)
        #expect(read == (1...3000).map { .edge($0) })
    }

    @Test func `a source that always has something waiting never runs out of staging`() {
        // The window of lateness is never empty.
        let pipe = Pipe(ring: 256, staging: 512, info(lateness: 100, silence: .seconds(1)))
        let merge = MergeStage([pipe.input], into: RecordCollector())
        var read: [Record] = []
        for time in 1...5000 as ClosedRange<UInt64> {
            pipe.write(.edge(time))
            if time % 50 == 0 {
                pipe.watermark(time)
                read += merge.take(at: 0)
                #expect(read.count == max(0, Int(time) - 100))
            }
        }
        #expect(read == (1...4900).map { .edge($0) })
    }

    @Test func `batches end at every step, and a failed sink ends the stage`() {
        let pipe = Pipe()
        let merge = MergeStage([pipe.input], into: FailingSink(at: 3), tick: Nanoseconds(10))
        #expect(merge.start(at: .zero) == .at(Timestamp(nanoseconds: 10)))
        #expect(merge.step(at: Timestamp(nanoseconds: 10)) == .at(Timestamp(nanoseconds: 20)))
        #expect(merge.step(at: Timestamp(nanoseconds: 20)) == .at(Timestamp(nanoseconds: 30)))
        #expect(merge.failure == nil)
        #expect(merge.step(at: Timestamp(nanoseconds: 30)) == .ended)
        #expect(merge.failure == FailingSink.error)
        #expect(merge.withSink { $0.finishes } == 0)
    }

    @Test func `without inputs it ends at once`() {
        let merge = MergeStage([], into: RecordCollector())
        #expect(merge.step(at: .zero) == .ended)
        #expect(merge.withSink { $0.finishes } == 1)
    }

    @Test func `how full a ring is can be asked`() {
        let pipe = Pipe(ring: 256)
        #expect(pipe.input.fill() == 0)
        for time in 0..<64 as Range<UInt64> { pipe.write(.edge(time)) }
        #expect(pipe.input.fill() == 0.25)
    }
}
