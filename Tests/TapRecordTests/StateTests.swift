import TapCore
import Testing

@testable import TapRecord

/// What a start needs of the log, and the checkpoints that stay.
@Suite struct StateTests {
    /// More than a bundle of entries, hand-overs, a pin, and the end of the last epoch in sight.
    static func store() throws -> CutRun {
        let run = try CutRun.begin(options: CutRun.options(keepBytes: 400_000))
        try RetentionTests.ask(.pin(from: 1, to: 2, why: "trip"), 1, on: run.disk)
        for _ in 0..<130 {
            for source in 0..<CutRun.sources { run.add(source, scans: 2) }
            try run.commit()
        }
        try run.stop()
        return run
    }

    static func state(_ disk: MemoryDisk) throws -> StoreState {
        var state = StoreState()
        var reader = try LogReader(on: disk)
        while let next = try reader.next() { _ = try state.take(next.entry) }
        return state
    }

    @Test func `a start reads the log from the last hand-over on, and knows what is before it`() throws {
        let run = try StateTests.store()
        let whole = try StateTests.state(run.disk)
        #expect(whole.handOverIndex > 256)
        #expect(whole.tree.size > whole.handOverIndex + 4)
        #expect(whole.holdings.pins.count == 1)
        let disk = MemoryDisk(run.disk.state)
        // It has to be there, and is not read.
        disk["tile/entries/000"] = []
        let opened = try OpenedStore(disk)
        #expect(opened.state.tree == whole.tree)
        #expect(opened.state.start == whole.start)
        #expect(opened.state.handOver == whole.handOver)
        #expect(opened.state.nextSegment == whole.nextSegment)
        #expect(opened.state.spanEnds == whole.spanEnds)
        #expect(opened.state.requests == whole.requests)
        #expect(opened.state.holdings == whole.holdings)
        disk["state"] = nil
        #expect(throws: StoreProblem.self) { _ = try OpenedStore(disk) }
    }

    @Test func `a state that is not what the log says is not used, and found`() throws {
        let run = try StateTests.store()
        let bytes = try #require(run.disk["state"])
        for index in CutScene.some(Array(bytes.indices), 40) {
            let disk = MemoryDisk(run.disk.state)
            var changed = bytes
            changed[index] ^= 4
            disk["state"] = changed
            var verifier = StoreVerifier(disk, key: run.verifierKey, seen: [])
            #expect(try verifier.run(isRecording: false).findings.map(\.place) == ["state"])
            #expect(try OpenedStore(disk).state.tree == StateTests.state(run.disk).tree)
        }
    }

    @Test func `ends of epochs, of pins and noted checkpoints stay, each is verified`() throws {
        let run = try StateTests.store()
        let note = try #require(try CheckpointFile.read(on: run.disk))
        KeptCheckpoints.seen(note, on: run.disk)
        let kept = run.disk.paths.filter { $0.hasPrefix("checkpoints/") }
        #expect(kept.contains("checkpoints/pin-1"))
        #expect(kept.contains("checkpoints/epoch-2"))
        #expect(kept.filter { $0.hasPrefix("checkpoints/seen-") }.count == 1)
        for path in kept {
            let disk = MemoryDisk(run.disk.state)
            var bytes = try #require(disk[path])
            bytes[bytes.count - 10] ^= 1
            disk[path] = bytes
            var verifier = StoreVerifier(disk, key: run.verifierKey, seen: [])
            let found = try verifier.run(isRecording: false).findings
            #expect(found.map(\.place) == [path], "\(found)")
        }
        try RetentionTests.ask(.unpin(1, why: ""), 2, on: run.disk)
        try RecordStore.takeUp(on: run.disk, clock: StoreClock { .init(monotonic: .zero, utcNanoseconds: 9) })
        #expect(run.disk["checkpoints/pin-1"] == nil)
    }

    @Test func `of old epochs fewer checkpoints stay`() throws {
        let disk = MemoryDisk()
        let kept = KeptCheckpoints(on: disk)
        for epoch in 1...UInt64(400) { kept.endEpoch(epoch, SignedNote("x\n")) }
        let epochs = KeptCheckpoints.names(on: disk).compactMap { UInt64($0.dropFirst(6)) }.sorted()
        #expect(epochs == (1...272).filter { $0 % 16 == 0 }.map(UInt64.init) + Array(273...400))
    }

    @Test func `a start that no entry can hold is refused before anything is entered`() throws {
        let disk = MemoryDisk()
        _ = try RecordStore.make(on: disk, origin: "plant/simulated", provenance: .simulated, utc_ns: 1)
        let before = disk["edge"]
        var header = CutRun.header
        header.sources[0].tags = (0..<3_000).map {
            TagInfo(id: TagID(UInt16($0)), name: "TANK.LEVEL.\($0)", source: "hmi")
        }
        let clock = StoreClock { .init(monotonic: .zero, utcNanoseconds: 9) }
        do throws(StoreProblem) {
            _ = try StoreWriter(
                try OpenedStore(disk), header: header, on: RecordStoreTests.key0, clock: clock, options: StoreOptions())
            Issue.record("it was taken")
        } catch { #expect(error.what.hasPrefix("cannot hold a session of 3002 lines, ADCs and tags: ")) }
        #expect(disk["edge"] == before)
    }

    @Test func `how a session differs from the one before is an entry`() throws {
        var before = StartEntry(session: 1, RecordStoreTests.header(), on: RecordStoreTests.key0, headerDigest: [])
        #expect(before.changes(since: before) == nil)
        let other = RecordStoreTests.header(lines: ["PUMP", "VALVE"])
        let now = StartEntry(session: 2, other, on: RecordStoreTests.key0, headerDigest: [])
        before.sources[0].lines[0].configuration = [1]
        #expect(
            now.changes(since: before)?.what == [
                "source sim, line PUMP: configured otherwise", "source sim, line VALVE: new",
                "source sim, line SIREN: not any more",
            ])
    }
}
