import TapCore
import TestSupport
import Testing

@Suite struct RawStageTests {
    private func capture(_ script: [Record], offset: Int64 = 0) -> CaptureStage<ScriptedSource> {
        CaptureStage(
            ScriptedSource(script, info: info(offset: offset)), ringCapacity: 1024, lines: 0..<4, devices: 0..<2)
    }

    @Test func `records of each source come apart from the others, in their own order`() {
        // Merged they would alternate.
        let scripts = [
            [Record.edge(1), .edge(30), .scans(40, period: 5, count: 3)],
            [.edge(2, line: 1), .edge(20, line: 1)],
        ]
        let captures = scripts.map { capture($0) }
        let raw = RawStage(captures.flatMap { $0.makeFeeds(1) }, into: RawCollector())
        StepDriver(clock: VirtualClock(), sources: captures, consumers: [raw]).run()
        let end = Timestamp.zero + .milliseconds(5)
        #expect(
            raw.withSink { $0.words } == [
                .source(0), .record(.edge(1)), .record(.edge(30)), .record(.scans(40, period: 5, count: 3)),
                .watermark(end), .end(end), .source(1), .record(.edge(2, line: 1)), .record(.edge(20, line: 1)),
                .watermark(end), .end(end), .batch, .finish,
            ])
    }

    @Test func `times are the source's own`() {
        let stage = capture([.edge(3)], offset: 1_000)
        let raw = RawStage(stage.makeFeeds(1), into: RawCollector())
        _ = stage.start(at: at(1_000))
        #expect(stage.step(at: at(1_010)) == .ended)
        #expect(raw.step(at: at(1_020)) == .ended)
        #expect(
            raw.withSink { $0.words } == [
                .source(0), .record(.edge(3)), .watermark(at(10)), .end(at(10)), .batch, .finish,
            ])
    }

    @Test func `a sink that fails ends the stage and gives up its rings`() {
        let stage = capture((1...1_000 as ClosedRange<UInt64>).map { .edge($0 * 1_000_000) })
        let feeds = stage.makeFeeds(2)
        let raw = RawStage([feeds[0]], into: RawCollector(failsAt: 3))
        let merge = MergeStage([MergeInput(feeds[1])], into: RecordCollector())
        StepDriver(clock: VirtualClock(), sources: [stage], consumers: [raw, merge]).run()
        #expect(raw.failure == FailingSink.error)
        #expect(merge.withSink { $0.records.count } == 1_000)
    }
}

private struct RawCollector: RawSink {
    enum Word: Equatable {
        case source(Int)
        case record(Record)
        case watermark(Timestamp)
        case end(Timestamp)
        case batch
        case finish
    }

    var words: [Word] = []
    var failsAt: Int?

    init(failsAt: Int? = nil) { self.failsAt = failsAt }

    mutating func begin(source: Int) { words.append(.source(source)) }
    mutating func watermark(at time: Timestamp) { words.append(.watermark(time)) }
    mutating func sourceEnded(at time: Timestamp) { words.append(.end(time)) }

    mutating func edge(_ edge: Edge) { words.append(.record(.edge(edge))) }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        // The span is lent for the call; its bytes are copied.
        words.append(.record(.scans(block, bytes: unsafe raw.withUnsafeBytes { unsafe Array($0) })))
    }
    mutating func event(_ event: Event) { words.append(.record(.event(event))) }
    mutating func batchEnded(at now: Timestamp) throws(TapError) {
        words.append(.batch)
        if words.filter({ $0 == .batch }).count == failsAt { throw FailingSink.error }
    }
    mutating func finish(at now: Timestamp) throws(TapError) { words.append(.finish) }
}
