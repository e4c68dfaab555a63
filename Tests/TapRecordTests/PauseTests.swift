import TapCore
import Testing

@testable import TapRecord

/// What an operator had paused is not recorded, and the record says so everywhere.
@Suite struct PauseTests {
    private static func at(_ milliseconds: UInt64) -> Timestamp { Timestamp(nanoseconds: milliseconds * 1_000_000) }

    private static let clock = StoreClock { .init(monotonic: .zero, utcNanoseconds: 9) }

    private func ask(_ what: StoreRequest.What, _ id: UInt8, _ disk: MemoryDisk) throws {
        let entry = StoreRequest(what, author: "ann").entry(id: [UInt8](repeating: id, count: 8), utc_ns: UInt64(id))
        _ = try StoreSpool.put(entry, utc_ns: UInt64(id), id: [UInt8](repeating: id, count: 8), on: disk)
    }

    /// Seconds of a line that toggles each second, read each second: paused as second 3 begins, and again recorded as 6 does.
    private func store(resumes: Bool = true) throws -> (disk: MemoryDisk, key: VerifierKey) {
        let disk = MemoryDisk()
        let made = try RecordStore.make(on: disk, origin: SoundStore.origin, provenance: .simulated, utc_ns: 1)
        let header = SoundStore.header
        let writer = try StoreWriter(
            try OpenedStore(disk), header: header, on: RecordStoreTests.key0, clock: PauseTests.clock,
            options: StoreOptions())
        let keeper = InlineKeeper(writer, store: "store", mostPending: -1)
        var recorder = Recorder(header, session: 1, options: StoreOptions(), keeper: keeper)
        for second in UInt64(0)..<10 {
            if second == 3 { try ask(.pause(why: "wiring"), 3, disk) }
            if second == 6, resumes { try ask(.resume(why: ""), 6, disk) }
            try recorder.batchEnded(at: .zero)
            play(second * 1_000, into: &recorder)
        }
        try recorder.finish(at: .zero)
        return (disk, VerifierKey(made.key)!)
    }

    private func play(_ start: UInt64, into recorder: inout Recorder) {
        func at(_ milliseconds: UInt64) -> Timestamp { PauseTests.at(start + milliseconds) }
        recorder.begin(source: 0)
        recorder.watermark(at: at(1))
        if start == 0 {
            for line in [LineID(0), LineID(1)] {
                recorder.event(
                    .level(Level(line: line, isHigh: false, reason: .first, notBefore: at(1), notAfter: at(2))))
            }
        }
        recorder.edge(
            Edge(
                time: at(100), line: LineID(0), sequence: UInt32(start / 1_000),
                flags: start % 2_000 == 0 ? .rising : []))
        if start == 4_000 {
            // Lost before the pause, found in it.
            recorder.event(
                .gap(
                    Gap(
                        .kernelQueueOverflow, .line(LineID(1)), .exactly(1), discovered: at(150),
                        from: PauseTests.at(2_700), to: PauseTests.at(2_800))))
        }
        recorder.event(
            .reread(
                Reread(
                    line: LineID(1), time: at(500), from: at(480), to: at(490), isHigh: false, agreed: 1, failed: 0)))
        recorder.watermark(at: at(990))
        recorder.begin(source: 1)
        recorder.event(.claim(Claim(tag: TagID(0), value: .bool(true), quality: .good, time: at(30))))
        recorder.watermark(at: at(990))
    }

    private func complete(
        _ store: (disk: MemoryDisk, key: VerifierKey), _ subject: AskedSubject, _ from: UInt64, _ to: UInt64
    ) throws -> Completeness {
        func since(_ time: UInt64) -> AskedTime { .sinceStart(.milliseconds(Int64(time))) }
        return try StoreQuestion(store.disk, key: store.key, subject, from: since(from), to: since(to)).answer()
    }

    @Test func `a pause leaves records out, says so of each line and tag, and the store verifies`() throws {
        let store = try store()
        var verifier = StoreVerifier(store.disk, key: store.key, seen: [], readsRecords: true)
        let found = try verifier.run(isRecording: false)
        #expect(found.findings == [])
        #expect(
            found.pauses == [Verification.Pause(session: 1, utcFrom: 3, utcTo: 6, why: "wiring", author: "ann")])
        #expect(found.sessions[0].edges == 7)
        let status = try StoreStatus(store.disk, isRecording: true)
        #expect(
            status.offs == [OffSpan(session: 1, utcFrom: 3, utcTo: 6, cause: .paused, why: "wiring (ann)")])
        #expect(!status.isPaused)
        var reader = try LogReader(on: store.disk)
        var losses: UInt32 = 0
        while let next = try reader.next() {
            guard case .chunk(let entry) = try LogEntry(decoding: next.entry) else { continue }
            for facts in entry.tags { losses |= facts.losses }
            // What was lost before the pause and found in it is kept.
            if entry.lines.contains(where: { $0.losses & 1 != 0 }) {
                #expect(entry.earliestGap == PauseTests.at(2_700))
            }
        }
        #expect(losses == 1 << 8)
    }

    @Test func `silence is answered before and after a pause, and in it the answer is its reason`() throws {
        let store = try store()
        func answer(_ subject: AskedSubject, _ from: UInt64, _ to: UInt64) throws -> (Completeness.Answer, String) {
            let answer = try complete(store, subject, from, to)
            return (answer.answer, answer.reasons.first ?? "")
        }
        let reason = "paused: wiring (ann)"
        #expect(try answer(.line("SIREN"), 500, 1_500) == (.silent, ""))
        #expect(try answer(.line("SIREN"), 6_600, 8_000) == (.silent, ""))
        #expect(try answer(.line("SIREN"), 3_200, 4_000) == (.unknown, reason))
        #expect(try answer(.line("SIREN"), 1_000, 8_000) == (.unknown, reason))
        #expect(try answer(.line("PUMP"), 3_200, 3_300) == (.unknown, reason))
        #expect(try answer(.tag("LEVEL"), 4_000, 5_000) == (.unknown, reason))
        // Lost before the pause, found in it.
        #expect(try answer(.line("SIREN"), 2_600, 2_900).0 == .unknown)
    }

    @Test func `a pause lasts until the session ends, and the next one records`() throws {
        let store = try store(resumes: false)
        let status = try StoreStatus(store.disk, isRecording: false)
        #expect(status.offs.map(\.cause) == [.paused, .stopped])
        #expect(status.offs[0].utcTo == 9)
        #expect(status.sessions[0].edges == 3)
        #expect(try complete(store, .line("SIREN"), 5_000, 9_000).reasons.first == "paused: wiring (ann)")
        // Asked for and not taken up before the session began.
        try ask(.pause(why: "late"), 8, store.disk)
        try SoundStore.record(on: store.disk, 2)
        #expect(try StoreStatus(store.disk, isRecording: true).sessions[1].edges == 16)
        var verifier = StoreVerifier(store.disk, key: store.key, seen: [], readsRecords: true)
        #expect(try verifier.run(isRecording: false).findings == [])
        #expect(verifier.result.pauses.count == 1)
    }

    @Test func `a state that is saved while it is paused has the pause`() throws {
        let run = try CutRun.begin()
        try ask(.pause(why: "x"), 1, run.disk)
        for _ in 0..<5 {
            run.add(0)
            try run.commit()
        }
        let opened = try OpenedStore(MemoryDisk(run.disk.state))
        #expect(opened.state.pause?.why == "x")
        #expect(opened.state.handOver?.epoch ?? 0 > 2)
    }
}
