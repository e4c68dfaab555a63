import TapCore
import TestSupport
import Testing

@Suite struct RelayTests {
    private static func stage(
        _ script: [Record], ring: Int = 1024, whenFull: RecordWriter.WhenFull = .refuse,
        tick: Nanoseconds = .milliseconds(5), ends: Bool = true, silence: Nanoseconds = .milliseconds(100),
        log: ScriptedSource.Log = ScriptedSource.Log()
    ) -> CaptureStage<ScriptedSource> {
        CaptureStage(
            ScriptedSource(script, info: info(silence: silence), tick: tick, ends: ends, log: log), ringCapacity: ring,
            lines: 0..<4,
            devices: 0..<2, whenFull: whenFull)
    }

    private static func merges(
        _ stage: CaptureStage<ScriptedSource>, _ count: Int, failsAt: [Int?] = [],
        tick: Nanoseconds = .milliseconds(5)
    ) -> [MergeStage<Collector>] {
        stage.makeFeeds(count).enumerated().map { index, feed in
            let failsAt = index < failsAt.count ? failsAt[index] : nil
            return MergeStage([MergeInput(feed)], into: Collector(failsAt: failsAt), tick: tick)
        }
    }

    /// One of each kind.
    private static let mixed: [Record] = [
        .level(
            Level(
                line: LineID(1), isHigh: true, reason: .first, notBefore: Timestamp(nanoseconds: 1),
                notAfter: Timestamp(nanoseconds: 2))), .edge(3), .edge(4, line: 1, flags: []),
        .scans(5, period: 1, count: 40), .edge(45),
        .gap(
            Gap(
                .scansMissing, .device(DeviceID(0)), .about(2), discovered: Timestamp(nanoseconds: 46),
                from: Timestamp(nanoseconds: 45), to: Timestamp(nanoseconds: 46))),
        .clockFix(
            ClockFix(
                monotonic: Timestamp(nanoseconds: 47), utcNanoseconds: 7, bracket: .zero,
                bootID: BootID(high: 1, low: 2), isSynchronised: true, sinceSynchronised: nil,
                kernelMaximumError: .zero)), .edge(48, line: 3),
    ]

    @Test func `every consumer gets every record in the same order`() {
        let stage = RelayTests.stage(RelayTests.mixed)
        let merges = RelayTests.merges(stage, 3)
        StepDriver(clock: VirtualClock(), sources: [stage], consumers: merges).run()
        let one = RelayTests.stage(RelayTests.mixed)
        let alone = RelayTests.merges(one, 1)[0]
        StepDriver(clock: VirtualClock(), sources: [one], consumers: [alone]).run()
        let wanted = alone.withSink { $0.records }
        #expect(wanted.count >= RelayTests.mixed.count)
        for merge in merges {
            #expect(merge.withSink { $0.records } == wanted)
            #expect(merge.withSink { $0.kept.finishes == 1 })
        }
    }

    @Test func `what was written before the consumers were there reaches them`() throws {
        let stage = RelayTests.stage([.edge(1)])
        try stage.open(at: .zero)
        _ = stage.step(at: at(10))
        let merges = RelayTests.merges(stage, 2)
        for merge in merges { #expect(merge.take(at: 20) == [.edge(1)]) }
    }

    @Test func `a consumer that is never stepped loses exactly what the others have`() throws {
        let script = (1...20_000 as ClosedRange<UInt64>).map { Record.edge($0 * 1000, line: UInt16($0 % 2)) }
        let stage = RelayTests.stage(script, tick: .microseconds(100))
        let merges = RelayTests.merges(stage, 2, tick: .microseconds(100))
        let (quick, slow) = (merges[0], merges[1])
        StepDriver(clock: VirtualClock(), sources: [stage], consumers: [quick]).run()
        #expect(quick.withSink { $0.records } == script)
        #expect(quick.withSink { $0.kept.finishes == 1 })
        let records = slow.take(at: 1 << 40)
        let edges = records.filter { if case .edge = $0 { true } else { false } }
        #expect(edges == Array(script[..<edges.count]))
        let lost = records.reduce(into: [UInt64](repeating: 0, count: 2)) { lost, record in
            guard case .event(.gap(let gap)) = record, case .line(let line) = gap.subject else { return }
            #expect(gap.kind == .ringFull)
            #expect(gap.count == .exactly(gap.count.known))
            lost[Int(line.index)] += gap.count.known
        }
        let got = edges.count
        #expect(lost == [UInt64(10_000 - got / 2), UInt64(10_000 - (got + 1) / 2)])
        #expect(slow.withSink { $0.kept.finishes == 1 })
    }

    @Test func `a slow consumer is given the level it lost`() throws {
        // 959 and a watermark fit beside the cells held back; the last edge does not.
        let script = (1...1_001 as ClosedRange<UInt64>).map { Record.edge($0, flags: $0 % 2 == 0 ? [] : .rising) }
        let stage = RelayTests.stage(script, ends: false)
        let merges = RelayTests.merges(stage, 2)
        _ = stage.start(at: .zero)
        for time: UInt64 in [500, 1_000, 2_000] {
            _ = stage.step(at: at(time))
            _ = merges[0].step(at: at(time))
        }
        #expect(merges[0].withSink { $0.records } == script)
        var records = merges[1].take(at: 2_500)
        _ = stage.step(at: at(3_000))
        records += merges[1].take(at: 3_500)
        let gap = Gap(
            .ringFull, .line(LineID(0)), .exactly(42), discovered: at(3_000), from: at(960), to: at(1_001))
        let level = Level(
            line: LineID(0), isHigh: true, reason: .resumed, notBefore: at(1_001), notAfter: at(3_000))
        #expect(records == script[..<959] + [Record.gap(gap), .level(level)])
        // Nobody else lost anything.
        #expect(merges[0].take(at: 3_500) == script)
    }

    @Test func `a consumer that fails leaves the others`() {
        let script = (1...20_000 as ClosedRange<UInt64>).map { Record.edge($0 * 1000) }
        for whenFull in [RecordWriter.WhenFull.refuse, .wait] {
            let stage = RelayTests.stage(script, ring: 1 << 14, whenFull: whenFull)
            let merges = RelayTests.merges(stage, 3, failsAt: [nil, 2, nil])
            StepDriver(clock: VirtualClock(), sources: [stage], consumers: merges).run()
            #expect(merges.map(\.failure) == [nil, FailingSink.error, nil])
            for merge in [merges[0], merges[2]] {
                #expect(merge.withSink { $0.records } == script)
                #expect(merge.withSink { $0.kept.finishes == 1 })
            }
        }
    }

    @Test func `once every consumer has failed, the source is stopped`() {
        let log = ScriptedSource.Log()
        let stage = RelayTests.stage([.edge(1)], ends: false, log: log)
        let merges = RelayTests.merges(stage, 2, failsAt: [2, 4])
        let clock = VirtualClock()
        StepDriver(clock: clock, sources: [stage], consumers: merges).run()
        #expect(merges.map(\.failure) == [FailingSink.error, FailingSink.error])
        #expect(log.stops == [Timestamp.zero + .milliseconds(20)])
    }

    @Test func `once an essential consumer has failed, the source is stopped`() {
        let log = ScriptedSource.Log()
        let stage = RelayTests.stage([.edge(1)], ends: false, log: log)
        let feeds = stage.makeFeeds(2)
        let essential = MergeStage([MergeInput(feeds[0])], into: Collector(failsAt: 2), isEssential: true)
        let other = MergeStage([MergeInput(feeds[1])], into: Collector())
        StepDriver(clock: VirtualClock(), sources: [stage], consumers: [essential, other]).run()
        #expect(log.stops == [Timestamp.zero + .milliseconds(10)])
        #expect(other.withSink { $0.records } == [.edge(1)])
        #expect(other.withSink { $0.kept.finishes == 1 })
    }

    @Test func `a source that can wait waits for room in all rings`() {
        // All in one tick, through rings that are much smaller.
        let script = (1...20_000 as ClosedRange<UInt64>).map { Record.edge($0) }
        let log = ScriptedSource.Log()
        let stage = RelayTests.stage(script, ring: 256, whenFull: .wait, log: log)
        let merges = RelayTests.merges(stage, 2)
        StepDriver(clock: VirtualClock(), sources: [stage], consumers: merges).run()
        for merge in merges { #expect(merge.withSink { $0.records } == script) }
        #expect(log.waits > 100)
        // It never waited longer than an instant.
        #expect(Set(log.steps) == [Timestamp.zero + .milliseconds(5)])
    }

    @Test func `a source that can wait does not go on while one consumer has no room`() throws {
        let script = (1...2_000 as ClosedRange<UInt64>).map { Record.edge($0) }
        let stage = RelayTests.stage(script, ring: 256, whenFull: .wait)
        let merges = RelayTests.merges(stage, 2)
        _ = stage.start(at: .zero)
        for time: UInt64 in [5_000, 5_001, 5_002, 5_003] {
            #expect(stage.step(at: at(time)) == .room)
            _ = merges[0].step(at: at(time))
        }
        let stuck = stage.progress
        #expect(stage.step(at: at(5_004)) == .room)
        #expect(stage.progress == stuck)
        // One that leaves is not waited for.
        let other = merges[1]
        other.withSink { $0.failsAt = 1 }
        _ = other.step(at: at(5_005))
        _ = stage.step(at: at(5_006))
        #expect(stage.progress > stuck)
    }

    /// Three sources, one of them ahead of the others, read by so many consumers.
    private func digests(_ count: Int, onThreads: Bool) -> [UInt64] {
        let scripts = [900, 1300, 1301].enumerated().map { line, period in
            (1...5_000 as ClosedRange<UInt64>).map {
                Record.edge($0 * UInt64(period), line: UInt16(line), sequence: UInt32($0))
            }
        }
        let stages = scripts.map { RelayTests.stage($0, ring: 1 << 14, whenFull: .wait, silence: .seconds(600)) }
        let feeds = stages.map { $0.makeFeeds(count) }
        let merges = (0..<count).map { index in
            MergeStage(feeds.map { MergeInput($0[index]) }, into: Digest(), name: "merge \(index)")
        }
        if onThreads {
            ThreadDriver(
                clock: PacedClock(MachineClock(), times: 1), sources: stages.map { .init("source", [$0]) },
                consumers: merges.map { .init($0.name, [$0]) }
            ).run()
        } else {
            StepDriver(clock: VirtualClock(), sources: stages, consumers: merges).run()
        }
        return merges.map { merge in
            merge.withSink {
                #expect($0.edges == 15_000)
                #expect($0.others == 0)
                return $0.hash
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func `the digest is the same with one and with three consumers, in both drivers`() {
        let wanted = digests(1, onThreads: false)
        #expect(digests(3, onThreads: false) == [wanted[0], wanted[0], wanted[0]])
        #expect(digests(1, onThreads: true) == wanted)
        #expect(digests(3, onThreads: true) == [wanted[0], wanted[0], wanted[0]])
    }

    @Test(.timeLimit(.minutes(1))) func `a consumer that is held up on its thread costs the others nothing`() {
        let count: UInt64 = 20_000
        // One each microsecond, from now on.
        let script = (1...count).map { Record.edge($0 * 1000) }
        let clock = info(offset: Int64(MachineClock().now().nanoseconds))
        let stage = CaptureStage(
            ScriptedSource(script, info: clock, tick: .microseconds(100)), ringCapacity: 1 << 15, lines: 0..<4,
            devices: 0..<2)
        let feeds = stage.makeFeeds(2)
        let isOver = Semaphore()
        let quick = MergeStage([MergeInput(feeds[0])], into: Releasing(isOver), tick: .milliseconds(1))
        let slow = MergeStage([MergeInput(feeds[1])], into: HeldUp(isOver), tick: .milliseconds(1))
        ThreadDriver(
            clock: MachineClock(), sources: [.init("source", [stage])],
            consumers: [.init("quick", [quick]), .init("slow", [slow])]
        ).run()
        #expect(quick.withSink { $0.digest.edges } == Int(count))
        #expect(slow.withSink { $0.digest.edges } + Int(slow.withSink { $0.digest.lost }) == Int(count))
    }
}

/// Keeps all records, and fails at the end of a batch if it is to.
private struct Collector: RecordSink {
    var kept = RecordCollector()
    var failsAt: Int?

    init(failsAt: Int? = nil) { self.failsAt = failsAt }

    var records: [Record] { kept.records }

    mutating func edge(_ edge: Edge) { kept.edge(edge) }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) { kept.scans(block, raw: raw) }
    mutating func event(_ event: Event) { kept.event(event) }
    mutating func batchEnded(at now: Timestamp) throws(TapError) {
        try kept.batchEnded(at: now)
        if kept.batches == failsAt { throw FailingSink.error }
    }
    mutating func finish(at now: Timestamp) throws(TapError) { try kept.finish(at: now) }
}

extension MergeStage<Collector> {
    /// Steps once and takes what was given on.
    fileprivate func take(at now: UInt64) -> [Record] {
        _ = step(at: Timestamp(nanoseconds: now))
        return withSink { sink in
            let records = sink.kept.records
            sink.kept.records = []
            return records
        }
    }
}

/// Lets another one go once it has everything.
private struct Releasing: RecordSink {
    var digest = Digest()
    let isOver: Semaphore

    init(_ isOver: Semaphore) { self.isOver = isOver }

    mutating func edge(_ edge: Edge) { digest.edge(edge) }
    mutating func event(_ event: Event) { digest.event(event) }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {}
    mutating func finish(at now: Timestamp) throws(TapError) { isOver.signal() }
}

/// Waits in its first batch until another one has everything.
private struct HeldUp: RecordSink {
    var digest = Digest()
    private var isOver: Semaphore?

    init(_ isOver: Semaphore) { self.isOver = isOver }

    mutating func edge(_ edge: Edge) { digest.edge(edge) }
    mutating func event(_ event: Event) { digest.event(event) }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {}
    mutating func batchEnded(at now: Timestamp) throws(TapError) {
        isOver?.wait()
        isOver = nil
    }
}
