import TapCore
import Testing

@testable import TapRecord

/// What goes when there is too much: by age, by share, never what is pinned.
@Suite struct RetentionTests {
    /// Names of segments as `source/number` that go one after the other.
    static func gone(_ holdings: Holdings, _ options: StoreOptions, open: Set<UInt64> = [], isShort: Bool = false)
        throws -> [String]
    {
        var left = holdings
        var gone: [String] = []
        while let (segment, _) = left.next(options, keeping: open, isShort: isShort) {
            gone.append("\(segment.source)/\(segment.number)")
            left.take(.drop(DropEntry(first: segment.number, last: segment.number)))
            if isShort { break }
        }
        return gone
    }

    /// Sealed segments of a session that began at 1000 s of UTC, each of a source, with its second and bytes.
    static func holdings(_ segments: [(source: UInt32, second: UInt64, bytes: UInt64)]) -> Holdings {
        var holdings = Holdings()
        var start = StartEntry()
        (start.session, start.monotonic, start.utc_ns) = (1, at(50), at(1_000).nanoseconds)
        start.sources = ["calm", "busy", "third"].map { SourceTable(name: $0, clock: "monotonic") }
        holdings.take(.start(start))
        for (index, segment) in segments.enumerated() {
            let number = UInt64(index + 1)
            holdings.take(.segment(SegmentEntry(number: number, session: 1, size: 5_000, source: segment.source)))
            var chunk = ChunkEntry()
            (chunk.segment, chunk.source, chunk.session) = (number, segment.source, 1)
            (chunk.from, chunk.to) = (at(50 + segment.second), at(51 + segment.second))
            holdings.take(.chunk(chunk))
            holdings.take(.seal(SealEntry(segment: number, offset: segment.bytes - 1, length: 1)))
        }
        return holdings
    }

    static func at(_ second: UInt64) -> Timestamp { Timestamp(nanoseconds: second * 1_000_000_000) }

    static func pin(_ from: UInt64, _ to: UInt64) -> LogEntry {
        .pin(PinEntry(number: 1, utcFrom: at(from).nanoseconds, utcTo: at(to).nanoseconds))
    }

    @Test func `a source that floods loses its own segments, and what another does not need is left to it`() throws {
        let holdings = RetentionTests.holdings([
            (0, 0, 100), (1, 1, 1_000), (1, 2, 1_000), (1, 3, 1_000), (2, 4, 300), (1, 5, 1_000),
        ])
        var options = StoreOptions()
        options.keepBytes = 2_400
        #expect(try RetentionTests.gone(holdings, options) == ["busy/2", "busy/3"])
        options.keepBytes = 500
        #expect(try RetentionTests.gone(holdings, options) == ["busy/2", "busy/3", "busy/4", "busy/6"])
    }

    @Test func `shares say how much is whose`() throws {
        let holdings = RetentionTests.holdings([
            (0, 0, 1_000), (1, 1, 1_000), (0, 2, 1_000), (1, 3, 1_000), (1, 4, 1_000),
        ])
        var options = StoreOptions()
        (options.keepBytes, options.shares) = (4_000, ["busy": 3])
        #expect(try RetentionTests.gone(holdings, options) == ["calm/1"])
        options.shares = ["calm": 3]
        #expect(try RetentionTests.gone(holdings, options) == ["busy/2"])
    }

    @Test func `age is recorded time over sessions, whatever the clocks say`() throws {
        var holdings = RetentionTests.holdings([(0, 0, 100), (0, 9, 100)])
        var start = StartEntry()
        // A year later by the machine's clock, and before that by the other.
        (start.session, start.monotonic, start.utc_ns) = (
            2, RetentionTests.at(3), RetentionTests.at(40_000_000).nanoseconds
        )
        start.sources = [SourceTable(name: "calm", clock: "monotonic")]
        holdings.take(.start(start))
        holdings.take(.segment(SegmentEntry(number: 3, session: 2, size: 100)))
        var chunk = ChunkEntry()
        (chunk.segment, chunk.session) = (3, 2)
        (chunk.from, chunk.to) = (RetentionTests.at(4), RetentionTests.at(9))
        holdings.take(.chunk(chunk))
        #expect(holdings.recorded == .seconds(15))
        var options = StoreOptions()
        options.keepFor = .seconds(14)
        #expect(try RetentionTests.gone(holdings, options) == [])
        options.keepFor = .seconds(13)
        #expect(try RetentionTests.gone(holdings, options) == ["calm/1"])
        options.keepFor = .seconds(1)
        #expect(try RetentionTests.gone(holdings, options, open: [2]) == ["calm/1"])
    }

    @Test func `what is pinned stays, until it is not pinned any more`() throws {
        var holdings = RetentionTests.holdings([(1, 0, 1_000), (1, 10, 1_000), (1, 20, 1_000), (0, 30, 1_000)])
        holdings.take(RetentionTests.pin(1_009, 1_011))
        var options = StoreOptions()
        (options.keepBytes, options.keepFor) = (1, .seconds(1))
        #expect(try RetentionTests.gone(holdings, options) == ["busy/1", "busy/3", "calm/4"])
        holdings.take(.unpin(UnpinEntry(number: 1)))
        #expect(try RetentionTests.gone(holdings, options) == ["busy/1", "busy/2", "busy/3", "calm/4"])
    }

    @Test func `a clock that is set widens what a pin holds, and without a date each pin holds all`() throws {
        var holdings = RetentionTests.holdings([(1, 0, 1_000), (1, 10, 1_000)])
        var chunk = ChunkEntry()
        (chunk.segment, chunk.source, chunk.session, chunk.from, chunk.to) = (
            2, 1, 1, RetentionTests.at(61), RetentionTests.at(62)
        )
        // It was 2000 s when the session began.
        chunk.clockFixes = [
            ClockFix(
                monotonic: RetentionTests.at(61), utcNanoseconds: RetentionTests.at(2_011).nanoseconds,
                bracket: .zero, bootID: BootID(high: 1, low: 2), isSynchronised: true, sinceSynchronised: nil,
                kernelMaximumError: .zero)
        ]
        holdings.take(.chunk(chunk))
        var options = StoreOptions()
        options.keepBytes = 1
        for (from, to) in [(1_010, 1_011), (1_500, 1_501), (2_000, 2_001)] as [(UInt64, UInt64)] {
            var pinned = holdings
            pinned.take(RetentionTests.pin(from, to))
            #expect(try RetentionTests.gone(pinned, options) == [], "\(from)")
        }
        holdings.take(RetentionTests.pin(2_013, 2_014))
        #expect(try RetentionTests.gone(holdings, options) == ["busy/1", "busy/2"])
        holdings.begins = [:]
        #expect(try RetentionTests.gone(holdings, options) == [])
    }

    @Test func `where little is free the oldest go, but only where there is a limit`() throws {
        let holdings = RetentionTests.holdings([(1, 0, 1_000), (0, 10, 1_000)])
        var options = StoreOptions()
        #expect(try RetentionTests.gone(holdings, options, isShort: true) == [])
        options.keepFor = .seconds(1_000)
        #expect(try RetentionTests.gone(holdings, options, isShort: true) == ["busy/1"])
    }

    // On a disk

    @Test func `a flood on a disk drops its own segments only, and the store verifies`() throws {
        let run = try CutRun.begin(options: CutRun.options(keepBytes: 300_000))
        run.add(1)
        for _ in 0..<30 {
            run.add(0)
            try run.commit()
        }
        try run.stop()
        let read = try CutScene.scans(on: run.disk)
        #expect(read.contains(run.promises[0].scan), "the one of the calm source")
        #expect(!read.contains(run.promises[1].scan))
        var verifier = StoreVerifier(run.disk, key: run.verifierKey, seen: [])
        let found = try verifier.run(isRecording: false)
        #expect(found.findings == [])
        #expect(found.dropped >= 3)
    }

    @Test func `requests are entered once, while it is recorded and while not`() throws {
        let run = try CutRun.begin()
        run.add(0)
        try RetentionTests.ask(.remark("pump 2 exchanged"), 1, on: run.disk)
        try RetentionTests.ask(.pin(from: 1, to: 2, why: "trip"), 2, on: run.disk)
        try run.commit()
        #expect(StoreSpool.paths(on: run.disk) == [])
        try run.stop()
        try RetentionTests.ask(.pin(from: 3, to: 4, why: ""), 3, on: run.disk)
        try RetentionTests.ask(.unpin(1, why: "copied"), 4, on: run.disk)
        let clock = StoreClock { .init(monotonic: .zero, utcNanoseconds: 9) }
        try RecordStore.takeUp(on: run.disk, clock: clock)
        // A cut kept it from being removed.
        try RetentionTests.ask(.unpin(1, why: "copied"), 4, on: run.disk)
        run.disk["spool/no request"] = [1, 2, 3]
        try RecordStore.takeUp(on: run.disk, clock: clock)
        var names: [String] = []
        var reader = try LogReader(on: run.disk)
        var state = StoreState()
        while let next = try reader.next() { names.append(try state.take(next.entry).name) }
        #expect(names.filter { ["remark", "pin", "unpin"].contains($0) } == ["remark", "pin", "pin", "unpin"])
        #expect(state.holdings.pins.map(\.number) == [2])
        #expect(run.disk.paths.filter { $0.hasPrefix("spool/") } == ["spool/no request"])
        var verifier = StoreVerifier(run.disk, key: run.verifierKey, seen: [])
        #expect(try verifier.run(isRecording: false).findings == [])
        let next = try CutRun(on: run.disk)
        try CutScene.playShort(next)
    }

    static func ask(_ what: StoreRequest.What, _ id: UInt8, on disk: MemoryDisk) throws {
        let id = [UInt8](repeating: id, count: 8)
        let entry = StoreRequest(what, author: "J. Smith").entry(id: id, utc_ns: 5)
        _ = try StoreSpool.put(entry, utc_ns: 5, id: id, on: disk)
    }
}
