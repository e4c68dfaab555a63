import TapCore
import TestSupport
import Testing

@testable import TapRecord

/// A store on the real file system, from its making to its verification.
@Suite struct RecordStoreTests {
    static let key0 = StoreMachine(boot: BootID(high: 1, low: 2), machine: nil, program: [])

    /// One source of two lines that reads levels.
    static func header(lines names: [String] = ["PUMP", "SIREN"]) -> SessionHeader {
        let lines = names.enumerated().map { LineInfo(id: LineID(UInt16($0)), name: $1) }
        let source = SourceInfo(
            name: "sim", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: [.edges, .readsLevels],
            lines: lines)
        return SessionHeader(
            version: "test", board: "bench", origin: .zero, fix: nil, kernel: "", sources: [source], seed: 1)
    }

    static func store() throws -> (RecordStore, VerifierKey, ScratchFolder) {
        let folder = ScratchFolder()
        let store = RecordStore(folder.path + "/store")
        let (key, _) = try store.make(origin: "plant/simulated", provenance: .simulated, utc_ns: 1)
        return (store, try #require(VerifierKey(key)), folder)
    }

    static func recorder(_ store: RecordStore, _ header: SessionHeader) throws -> Recorder {
        var options = StoreOptions()
        options.segmentSize = 1 << 16
        return try store.recorder(
            of: header, on: key0, clock: StoreClock { .init(monotonic: .zero, utcNanoseconds: 7) }, options: options,
            inBackground: false)
    }

    /// Seconds of a line that toggles a thousand times a second and one that is silent, read each second.
    static func play(_ seconds: UInt64, into recorder: inout Recorder, from first: UInt64 = 0) throws {
        let ns: UInt64 = 1_000_000_000
        func at(_ time: UInt64) -> Timestamp { Timestamp(nanoseconds: time) }
        recorder.begin(source: 0)
        for line in [UInt16(0), 1] {
            recorder.event(
                .level(
                    Level(
                        line: LineID(line), isHigh: false, reason: .first, notBefore: at(first),
                        notAfter: at(first + 10))))
        }
        var sequence: UInt32 = 0
        for second in 0..<seconds {
            let start = first + second * ns
            for step in UInt64(1)...1_000 {
                sequence += 1
                recorder.edge(
                    Edge(
                        time: at(start + step * 1_000_000 - 500), line: LineID(0), sequence: sequence,
                        flags: step % 2 == 1 ? .rising : []))
                if step % 100 == 0 { recorder.watermark(at: at(start + step * 1_000_000)) }
            }
            recorder.event(
                .reread(
                    Reread(
                        line: LineID(1), time: at(start + ns), from: at(start + ns - 20), to: at(start + ns - 10),
                        isHigh: false, agreed: 1, failed: 0)))
            recorder.watermark(at: at(start + ns))
            try recorder.batchEnded(at: at(start + ns))
        }
        recorder.sourceEnded(at: at(first + seconds * ns))
        try recorder.finish(at: at(first + seconds * ns))
    }

    @Test func `what was recorded holds, is read back, and answers for a silent line`() throws {
        let (store, key, folder) = try RecordStoreTests.store()
        defer { withExtendedLifetime(folder) {} }
        let header = RecordStoreTests.header()
        var recorder = try RecordStoreTests.recorder(store, header)
        try RecordStoreTests.play(20, into: &recorder)

        let found = try store.verify(key: key, seen: [])
        #expect(found.findings == [])
        #expect(found.origin == "plant/simulated")
        #expect(found.sessions.map(\.edges) == [20_000])
        #expect(found.segments > 1)
        #expect(found.checkpoint?.size == found.size)
        #expect(found.sessions[0].end == "ended")

        var reader = try StoreReader(store.path)
        var collector = RecordCollector()
        var buffer = RecordBuffer()
        while try reader.read(into: &buffer) { buffer.drain(into: &collector) }
        buffer.drain(into: &collector)
        let edges = collector.records.filter { if case .edge = $0 { true } else { false } }
        #expect(edges.count == 20_000)
        #expect(collector.records.count == 20_000 + 2 + 20)

        let answer = try store.complete(
            key: key, .line("SIREN"), from: .sinceStart(.seconds(2)), to: .sinceStart(.seconds(18)))
        #expect(answer.reasons == [])
        #expect(answer.answer == .silent)
        #expect(answer.parts[0].isHigh == false)
        #expect(answer.parts[0].longestDistance == .seconds(1))
        let busy = try store.complete(
            key: key, .line("PUMP"), from: .sinceStart(.seconds(2)), to: .sinceStart(.seconds(3)))
        #expect(busy.reasons == [])
        if case .found(let count, _, _) = busy.answer {
            #expect(count == 1_000)
        } else {
            Issue.record("no edges: \(busy.answer)")
        }
    }

    @Test func `each flipped byte of a segment is found, and where`() throws {
        let (store, key, folder) = try RecordStoreTests.store()
        defer { withExtendedLifetime(folder) {} }
        var recorder = try RecordStoreTests.recorder(store, RecordStoreTests.header())
        try RecordStoreTests.play(2, into: &recorder)
        let disk = SystemDisk(store.path)
        let path = "segments/00000001.mcap"
        let file = try disk.open(path, creating: false)
        let bytes = try disk.contents(path)
        for offset in stride(from: 0, to: bytes.count, by: 97) {
            try file.write([bytes[offset] ^ 0x10], at: UInt64(offset))
            let found = try store.verify(key: key, seen: [])
            #expect(found.findings.map(\.kind) == [.altered], "byte \(offset): \(found.findings)")
            #expect(found.findings.first?.place.hasPrefix(path) == true)
            try file.write([bytes[offset]], at: UInt64(offset))
        }
        #expect(try store.verify(key: key, seen: []).findings == [])
    }

    @Test func `a checkpoint of another log proves nothing and accuses nobody`() throws {
        let (store, key, folder) = try RecordStoreTests.store()
        defer { withExtendedLifetime(folder) {} }
        let other = Checkpoint(origin: "other/simulated", size: 2, root: .emptyRoot)
        let found = try store.verify(key: key, seen: [other])
        #expect(found.findings == [])
        #expect(found.witnessed == 0)
        #expect(found.remarks == ["checkpoints of 'other/simulated' are of another log and prove nothing here"])
    }

    @Test func `what somebody else left in a store's folder is named and accuses nobody`() throws {
        let (store, key, folder) = try RecordStoreTests.store()
        defer { withExtendedLifetime(folder) {} }
        let disk = SystemDisk(store.path)
        for name in ["lost+found", "checkpoint.new"] { _ = try disk.open(name, creating: true) }
        #expect(try store.verify(key: key, seen: []).remarks == [])
        for name in ["d\n", "a.txt", "c", "b"] { _ = try disk.open(name, creating: true) }
        let found = try store.verify(key: key, seen: [])
        #expect(found.findings == [])
        #expect(found.remarks == ["no part of the record, and nothing vouches for it: a.txt, b, c and 1 more"])
    }

    @Test func `a machine's clock that is set back a year leaves a record valid`() throws {
        let disk = MemoryDisk()
        let made = try RecordStore.make(on: disk, origin: SoundStore.origin, provenance: .simulated, utc_ns: 1)
        let year: UInt64 = 365 * 86_400 * 1_000_000_000
        for utc in [10 * year, 9 * year, 0, 11 * year] { try SoundStore.record(on: disk, 2, utc_ns: utc) }
        var verifier = try StoreVerifier(disk, key: #require(VerifierKey(made.key)), seen: [])
        #expect(try verifier.run(isRecording: false).findings == [])
        var reader = try StoreReader(disk, "store")
        var buffer = RecordBuffer()
        var collector = RecordCollector()
        while try reader.read(into: &buffer) { buffer.drain(into: &collector) }
        buffer.drain(into: &collector)
        #expect(collector.records.filter { if case .edge = $0 { true } else { false } }.count == 4 * 16)
        #expect(zip(collector.records, collector.records.dropFirst()).allSatisfy { $0.time <= $1.time })
    }

    @Test func `a second session goes on in the same log, and a store in use is refused`() throws {
        let (store, _, folder) = try RecordStoreTests.store()
        defer { withExtendedLifetime(folder) {} }
        var first = try RecordStoreTests.recorder(store, RecordStoreTests.header())
        do {
            _ = try RecordStoreTests.recorder(store, RecordStoreTests.header())
            Issue.record("two recorders")
        } catch { #expect((error as? TapError)?.kind == .busy) }
        try RecordStoreTests.play(3, into: &first)
    }
}
