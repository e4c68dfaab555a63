import TapCore
import Testing

@testable import TapRecord

/// What a store says of itself: when nothing was recorded and why, and how long its limits last.
@Suite struct StatusTests {
    private static let clock = StoreClock { .init(monotonic: .zero, utcNanoseconds: 9_000_000_000) }

    /// A session that ends without a stop.
    private func cut(_ disk: MemoryDisk, boot: UInt64, options: StoreOptions = StoreOptions()) throws {
        let writer = try StoreWriter(
            try OpenedStore(disk), header: CutRun.header, on: machine(boot), clock: StatusTests.clock, options: options)
        var drafts: [ChunkDraft] = []
        try writer.commit(&drafts)
    }

    private func machine(_ boot: UInt64, id: UInt64 = 5) -> StoreMachine {
        StoreMachine(boot: BootID(high: 1, low: boot), machine: BootID(high: 0, low: id), program: [])
    }

    private func store() throws -> MemoryDisk {
        let disk = MemoryDisk()
        _ = try RecordStore.make(on: disk, origin: "plant/simulated", provenance: .simulated, utc_ns: 1)
        return disk
    }

    @Test func `why nothing was recorded follows from stops, boots and machines`() throws {
        let disk = try store()
        for boot in [1, 1, 2] as [UInt64] { try cut(disk, boot: boot) }
        func causes(_ machine: StoreMachine?) throws -> [OffSpan.Cause] {
            try StoreStatus(disk, isRecording: false, on: machine).offs.map(\.cause)
        }
        #expect(try causes(machine(2)) == [.killed, .restarted, .killed])
        #expect(try causes(machine(3)) == [.killed, .restarted, .restarted])
        #expect(try causes(machine(2, id: 6)) == [.killed, .restarted, .cut])
        #expect(try causes(nil) == [.killed, .restarted, .cut])
        #expect(try StoreStatus(disk, isRecording: true).offs.count == 2)
        try SoundStore.record(on: disk, 2)
        let offs = try StoreStatus(disk, isRecording: false, on: machine(2)).offs
        #expect(offs.map(\.cause) == [.killed, .restarted, .cut, .stopped])
        #expect(offs[3] == OffSpan(session: 4, utcFrom: 7, utcTo: nil, cause: .stopped, why: "ended"))
        #expect(offs[0].length == .zero)
    }

    @Test func `a start that fails in the next boot does not hide that the machine restarted`() throws {
        let disk = try store()
        var ids: UInt8 = 0
        func end(_ result: String, _ code: String, _ status: String, boot: UInt64) throws {
            ids += 1
            let id = [UInt8](repeating: ids, count: 8)
            let request = ServiceEnd.request(result: result, code: code, status: status, in: machine(boot).boot)
            _ = try StoreSpool.put(request.entry(id: id, utc_ns: 9), utc_ns: 9, id: id, on: disk)
            try RecordStore.takeUp(on: disk, clock: StatusTests.clock)
        }
        try cut(disk, boot: 1)
        try end("exit-code", "exited", "77", boot: 2)
        try end("watchdog", "killed", "ABRT", boot: 2)
        try cut(disk, boot: 2)
        try end("signal", "killed", "KILL", boot: 2)
        try end("exit-code", "exited", "77", boot: 2)
        try cut(disk, boot: 2)
        try end("watchdog", "killed", "ABRT", boot: 2)
        try end("timeout", "", "", boot: 3)
        let offs = try StoreStatus(disk, isRecording: false, on: machine(3)).offs
        #expect(offs.map(\.cause) == [.restarted, .killed, .hung])
        #expect(
            offs.map(\.why) == [
                "then watchdog (killed ABRT)", "signal (killed KILL), then exit-code (exited 77)",
                "watchdog (killed ABRT), then timeout",
            ])
    }

    @Test(arguments: [Errno.inputOutput, .noSpace])
    func `a time in which the medium takes nothing is an entry`(errno: Errno) throws {
        let run = try CutRun.begin()
        run.disk.fail(after: 3, with: errno)
        for _ in 0..<2 {
            run.add(0)
            #expect(throws: StoreProblem.self) { try run.work() }
        }
        run.disk.fail(after: nil)
        for _ in 0..<3 {
            run.add(0)
            try run.work()
        }
        try run.stop()
        let status = try StoreStatus(run.disk, isRecording: false)
        #expect(status.offs.map(\.cause) == [errno == .noSpace ? .full : .medium, .stopped])
        // By the clock of the run: a second passes with each call.
        #expect(status.offs[0].utcTo! - status.offs[0].utcFrom == 2)
        #expect(status.offs[0].why.contains(errno.words), "\(status.offs[0].why)")
        var verifier = StoreVerifier(run.disk, key: run.verifierKey, seen: [])
        let found = try verifier.run(isRecording: false)
        #expect(found.findings == [])
        #expect(found.remarks.contains { $0.hasPrefix("session 1: the medium ") })
    }

    @Test func `notes that were lost are counted`() throws {
        let store = try MemoryStore()
        var recorder = try store.recorder(RecordStoreTests.header())
        recorder.begin(source: 0)
        for second in [1, 2] as [UInt64] {
            let time = Timestamp(nanoseconds: second * 1_000_000_000)
            recorder.event(.gap(Gap(.ringFull, .notes, .exactly(second), discovered: time, from: time, to: time)))
            recorder.watermark(at: time)
        }
        try recorder.finish(at: .zero)
        #expect(try StoreStatus(store.disk, isRecording: false).sessions.map(\.notesLost) == [3])
        var verifier = StoreVerifier(store.disk, key: store.key, seen: [], readsRecords: true)
        let found = try verifier.run(isRecording: false)
        #expect(found.findings == [])
        #expect(found.sessions.map(\.notesLost) == [3])
    }

    @Test func `the rate is that of the last hours, and says how long the limits last`() {
        var rate = RecentRate()
        #expect(rate.bytesPerSecond == nil)
        rate.take(1_000, recorded: .seconds(10))
        #expect(rate.bytesPerSecond == 100)
        // Two hours of ten bytes a second, and the first ten seconds weigh no more.
        for second in 11...7_300 { rate.take(10, recorded: .seconds(Int64(second))) }
        #expect(rate.bytesPerSecond == 10)
    }

    @Test func `limits are in the start, and when the oldest goes follows from them`() throws {
        let disk = try store()
        var options = StoreOptions()
        (options.keepBytes, options.keepFor) = (1_000_000_000, .seconds(100))
        try cut(disk, boot: 1, options: options)
        try SoundStore.record(on: disk, 10)
        var status = try StoreStatus(disk, isRecording: false)
        #expect((status.keepBytes, status.keepFor) == (nil, nil))
        #expect(status.left == nil)
        try cut(disk, boot: 1, options: options)
        status = try StoreStatus(disk, isRecording: false)
        #expect((status.keepBytes, status.keepFor) == (1_000_000_000, .seconds(100)))
        #expect(status.left == .seconds(100))
        #expect(status.shares == [:])
        (options.keepFor, options.shares) = (nil, ["screen": 3, "bench": 1])
        try cut(disk, boot: 1, options: options)
        status = try StoreStatus(disk, isRecording: false)
        #expect(status.shares == ["screen": 3])
        let rate = try #require(status.bytesPerSecond)
        #expect(status.left!.count == Int64((1e9 - Double(status.bytes)) / rate * 1e9))
        var reader = try LogReader(on: disk)
        var changes: [String] = []
        while let next = try reader.next() {
            if case .change(let entry) = try LogEntry(decoding: next.entry) { changes += entry.what }
        }
        #expect(changes.contains("most recorded time, ns: none before, now 100000000000"))
        #expect(changes.contains("most bytes of segments: none before, now 1000000000"))
        #expect(changes.filter { $0.hasPrefix("share ") } == ["share of source screen: 1 before, now 3"])
    }
}
