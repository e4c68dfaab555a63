import TapCore
import TapFormats
import Testing

@testable import TapRecord

/// What is read of a store where only a part of it is asked for.
@Suite struct StoreReaderTests {
    /// Thirty seconds of a busy line and a quiet one, and five more of another session.
    private static func store() throws -> MemoryStore {
        let store = try MemoryStore()
        for (seconds, utc) in [(UInt64(30), UInt64(7)), (5, 60_000_000_000)] {
            var recorder = try store.recorder(RecordStoreTests.header(), utc_ns: utc)
            try RecordStoreTests.play(seconds, into: &recorder)
        }
        return store
    }

    private static func records(
        _ disk: any Disk, from: Nanoseconds, to: Nanoseconds?, skipping: Bool, wanted: Set<String> = []
    ) throws -> [Record] {
        let reader =
            skipping
            ? try StoreReader(disk, "store", from: from, to: to, wanted: wanted) : try StoreReader(disk, "store")
        var window = WindowReader(reader, from: from, to: to)
        var collector = RecordCollector()
        var buffer = RecordBuffer()
        while try window.read(into: &buffer) { buffer.drain(into: &collector) }
        buffer.drain(into: &collector)
        return collector.records
    }

    @Test func `a span has the same records whether chunks are left out or not`() throws {
        let store = try StoreReaderTests.store()
        for (from, to) in [(0, 1), (17_250, 17_251), (29_500, 90_000)] {
            let span = (Nanoseconds.milliseconds(Int64(from)), Nanoseconds.milliseconds(Int64(to)))
            let whole = try StoreReaderTests.records(store.disk, from: span.0, to: span.1, skipping: false)
            let found = try StoreReaderTests.records(store.disk, from: span.0, to: span.1, skipping: true)
            #expect(found == whole, "\(from) to \(to) ms")
            #expect(!whole.isEmpty)
        }
        let whole = try StoreReaderTests.records(store.disk, from: .seconds(25), to: nil, skipping: false)
        #expect(try StoreReaderTests.records(store.disk, from: .seconds(25), to: nil, skipping: true) == whole)
    }

    @Test func `a short span of a long store reads little of its segments`() throws {
        let store = try StoreReaderTests.store()
        let disk = CountingDisk(store.disk)
        _ = try StoreReaderTests.records(disk, from: .zero, to: nil, skipping: false)
        let whole = disk.read(below: "segments/").bytes
        disk.reset()
        let found = try StoreReaderTests.records(disk, from: .seconds(10), to: .seconds(11), skipping: true)
        #expect(found.count >= 1_000)
        // Two chunks of half a second, those at the borders, and the head of each session.
        #expect(disk.read(below: "segments/").bytes < whole / 8)
    }

    @Test func `a store in which a session has only begun ends where it begins`() throws {
        let store = try MemoryStore()
        var first = try store.recorder(RecordStoreTests.header(), utc_ns: 0)
        try RecordStoreTests.play(2, into: &first)
        // The change of its lines is an entry behind its start.
        _ = try store.recorder(RecordStoreTests.header(lines: ["PUMP", "HORN"]), utc_ns: 60_000_000_000)
        var reader = try StoreReader(store.disk, "store")
        var buffer = RecordBuffer()
        var collector = RecordCollector()
        while try reader.read(into: &buffer) { buffer.drain(into: &collector) }
        buffer.drain(into: &collector)
        let gaps = collector.records.suffix(2).map { record -> Timestamp? in
            if case .event(.gap(let gap)) = record, gap.kind == .notRecorded { gap.discovered } else { nil }
        }
        let minute = RecordStoreTests.header().origin + .seconds(60)
        #expect(gaps == [minute, minute])
        #expect(reader.end == minute)
    }

    @Test func `a line is read where it has records`() throws {
        let store = try MemoryStore()
        var recorder = try store.recorder(RecordStoreTests.header())
        let second: UInt64 = 1_000_000_000
        recorder.begin(source: 0)
        for number in UInt64(1)...400 {
            let line = LineID(number == 123 ? 1 : 0)
            let time = Timestamp(nanoseconds: number * second)
            recorder.edge(Edge(time: time, line: line, sequence: UInt32(number), flags: number % 2 == 0 ? [] : .rising))
            recorder.watermark(at: time + Nanoseconds.milliseconds(1))
            try recorder.batchEnded(at: time)
        }
        recorder.sourceEnded(at: Timestamp(nanoseconds: 401 * second))
        try recorder.finish(at: .zero)
        let disk = CountingDisk(store.disk)
        let all = try StoreReaderTests.records(disk, from: .zero, to: nil, skipping: false)
        #expect(all.count == 400)
        let calls = disk.read(below: "segments/").calls
        disk.reset()
        let found = try StoreReaderTests.records(disk, from: .zero, to: nil, skipping: true, wanted: ["SIREN"])
        #expect(found.count { if case .edge(let edge) = $0 { edge.line == LineID(1) } else { false } } == 1)
        #expect(disk.read(below: "segments/").calls < calls - 390)
    }

    @Test func `what was late when it was recorded is late when it is read, and nothing else`() throws {
        var header = RecordStoreTests.header(lines: ["PUMP"])
        header.sources[0].allowedLateness = .milliseconds(10)
        var other = RecordStoreTests.header(lines: ["SIREN"]).sources[0]
        other.name = "other"
        other.lines[0].id = LineID(1)
        header.sources.append(other)
        func ms(_ time: UInt64) -> Timestamp { Timestamp(nanoseconds: time * 1_000_000) }
        func edge(_ time: UInt64, _ line: UInt16, _ number: UInt32, _ flags: Edge.Flags = .rising) -> Edge {
            Edge(time: ms(time), line: LineID(line), sequence: number, flags: flags)
        }
        var level = Level(line: LineID(0), isHigh: true, reason: .disagreement, notBefore: ms(399), notAfter: ms(400))
        level.isLate = true
        let store = try MemoryStore()
        var recorder = try store.recorder(header)
        recorder.begin(source: 0)
        recorder.edge(edge(200, 0, 1))
        recorder.watermark(at: ms(0))
        recorder.watermark(at: ms(1_000))
        // Of the next chunk: within what is allowed, and late.
        recorder.edge(edge(995, 0, 2))
        recorder.edge(edge(500, 0, 3, [.rising, .late]))
        recorder.event(.level(level))
        recorder.watermark(at: ms(2_000))
        recorder.begin(source: 1)
        recorder.edge(edge(100, 1, 1))
        recorder.watermark(at: ms(0))
        recorder.edge(edge(998, 1, 2))
        recorder.watermark(at: ms(1_000))
        recorder.watermark(at: ms(2_000))
        for source in 0..<2 {
            recorder.begin(source: source)
            recorder.sourceEnded(at: ms(2_000))
        }
        try recorder.batchEnded(at: ms(2_000))
        try recorder.finish(at: ms(2_000))
        let found = try StoreReaderTests.records(store.disk, from: .zero, to: nil, skipping: false)
        #expect(
            Set(found) == [
                .edge(edge(100, 1, 1)), .edge(edge(200, 0, 1)), .edge(edge(500, 0, 3, [.rising, .late])),
                .event(.level(level)), .edge(edge(995, 0, 2)), .edge(edge(998, 1, 2)),
            ])
        #expect(found.suffix(2) == [.edge(edge(995, 0, 2)), .edge(edge(998, 1, 2))])
    }
}
