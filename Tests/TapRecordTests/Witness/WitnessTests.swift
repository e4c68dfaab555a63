import Synchronization
import TapCore
import TestSupport
import Testing

@testable import TapRecord

/// A log whose entries are numbers, and what it sends to witnesses.
private struct NumberLog {
    let key = SigningKey.make(name: "bench/log")
    let disk = MemoryDisk()
    var log: LogWriter
    var roots = [Digest.emptyRoot]

    init() throws { log = try LogWriter.create(on: disk) }

    mutating func grow(_ count: Int) throws {
        for _ in 0..<count {
            try log.append(Array("\(roots.count)".utf8))
            roots.append(log.root)
        }
        try log.sync()
    }

    var size: UInt64 { UInt64(roots.count - 1) }

    func checkpoint(_ size: UInt64) -> Checkpoint {
        Checkpoint(origin: key.verifierKey.name, size: size, root: roots[Int(size)])
    }

    func request(from old: UInt64, to size: UInt64) throws -> WitnessRequest {
        WitnessRequest(
            oldSize: old, proof: try ConsistencyProof.make(from: old, to: size, on: disk),
            note: checkpoint(size).signed(by: [key]))
    }
}

@Suite struct WitnessTests {
    private static func clock(_ second: UInt64) -> StoreClock {
        StoreClock { .init(monotonic: Timestamp(nanoseconds: 0), utcNanoseconds: second * 1_000_000_000) }
    }

    private static func witness(_ disk: MemoryDisk, _ log: NumberLog, second: UInt64 = 1_800_000_000) throws -> Witness
    {
        Witness(try WitnessState(disk), logs: [log.key.verifierKey], clock: clock(second))
    }

    @Test func `what a witness answered is there after a cut at any operation`() throws {
        var log = try NumberLog()
        try log.grow(12)
        let disk = MemoryDisk()
        let name = try WitnessState.make(on: disk, name: "bench/witness")
        let before = disk.state
        let made = disk.operations.count
        let witness = try Self.witness(disk, log)
        #expect(witness.key.text == name)
        // Operations, and the size that was answered by then.
        var answered: [(operations: Int, size: UInt64)] = [(0, 0)]
        for (old, new) in [(0, 3), (3, 4), (4, 4), (4, 12)] as [(UInt64, UInt64)] {
            #expect(witness.addCheckpoint(try log.request(from: old, to: new).body).status == 200)
            answered.append((disk.operations.count - made, new))
        }
        let cuts = CutDisk(Array(disk.operations[made...]), on: before)
        var seen: Set<UInt64> = []
        for count in 0...cuts.operations.count {
            for kept in [.all, .none, .some(seed: 1), .some(seed: 2), .some(seed: 3)] as [CutDisk.Cut.Kept] {
                let left = cuts.disk(after: CutDisk.Cut(operations: count, kept: kept))
                let size = try WitnessState(left).last("bench/log")?.size ?? 0
                let least = answered.last { $0.operations <= count }?.size ?? 0
                let next = answered.first { $0.operations > count }?.size ?? least
                #expect(size == least || size == next, "after \(count) of \(cuts.operations.count), \(kept)")
                seen.insert(size)
            }
        }
        #expect(seen == [0, 3, 4, 12])
    }

    @Test func `what cannot be kept is not cosigned`() throws {
        var log = try NumberLog()
        try log.grow(5)
        let disk = MemoryDisk()
        _ = try WitnessState.make(on: disk, name: "bench/witness")
        let witness = try Self.witness(disk, log)
        disk.fail(after: 1)
        #expect(witness.addCheckpoint(try log.request(from: 0, to: 2).body).status == 500)
        #expect(try WitnessState(disk).last("bench/log") == nil)
    }

    @Test func `a witness without a clock cosigns nothing`() throws {
        var log = try NumberLog()
        try log.grow(5)
        let disk = MemoryDisk()
        _ = try WitnessState.make(on: disk, name: "bench/witness")
        let witness = try Self.witness(disk, log, second: 0)
        #expect(witness.addCheckpoint(try log.request(from: 0, to: 2).body).status == 503)
        #expect(try WitnessState(disk).last("bench/log") == nil)
    }

    @Test func `cosignatures are of one text, one time and one key`() throws {
        let key = CosigningKey.make(name: "bench/witness")
        #expect(CosigningKey(key.text)?.text == key.text)
        #expect(WitnessKey(key.witnessKey.text) == key.witnessKey)
        #expect(VerifierKey(key.witnessKey.text) == nil)
        #expect(WitnessKey(SigningKey.make(name: "bench/log").verifierKey.text) == nil)
        var note = SignedNote("bench/log\n1\nx\n")
        note.add(try #require(key.cosign(note.text, time_s: 1_800_000_000)))
        #expect(key.witnessKey.time(of: note) == 1_800_000_000)
        #expect(CosigningKey.make(name: "bench/witness").witnessKey.time(of: note) == nil)
        let signature = note.signatures[0].signature
        for bit in 0..<8 * signature.count {
            var changed = SignedNote(note.text)
            var bytes = signature
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            changed.add(SignedNote.Signature(name: "bench/witness", id: key.witnessKey.id, signature: bytes))
            #expect(key.witnessKey.time(of: changed) == nil, "bit \(bit)")
        }
        // One that does not verify spoils the note.
        note.add(SignedNote.Signature(name: "bench/witness", id: key.witnessKey.id, signature: []))
        #expect(key.witnessKey.time(of: note) == nil)
    }

    @Test func `requests, policies and answers that are none do not trap`() throws {
        var log = try NumberLog()
        try log.grow(9)
        let state = MemoryDisk()
        _ = try WitnessState.make(on: state, name: "bench/witness")
        let witness = try Self.witness(state, log)
        let body = try log.request(from: 0, to: 7).body
        #expect(WitnessRequest(parsing: body) == (try log.request(from: 0, to: 7)))
        let one = CosigningKey.make(name: "bench/one").witnessKey
        let policy = Array(
            "log \(log.key.verifierKey)\nwitness a \(one) http://x\ngroup g 1 a\nquorum g\n".utf8)
        #expect(try WitnessPolicy(parsing: policy).witnesses.map(\.url) == ["http://x"])
        var dice = Dice(14)
        for _ in 0..<3_000 {
            var changed = body
            dice.change(&changed)
            let answer = witness.addCheckpoint(changed)
            #expect([200, 400, 403, 404, 409, 422].contains(answer.status))
            // What is signed cannot be changed.
            if answer.status == 200 { #expect(WitnessRequest(parsing: changed)?.note.text == log.checkpoint(7).text) }
            changed = policy
            dice.change(&changed)
            _ = try? WitnessPolicy(parsing: changed)
        }
    }
}

@Suite struct CosigningTests {
    private static func reply(_ witness: Witness) -> (([UInt8]) throws(TapError) -> CosigningRound.Reply) {
        { (body) throws(TapError) in
            let answer = witness.addCheckpoint(body)
            return CosigningRound.Reply(status: answer.status, contentType: answer.contentType, body: answer.body)
        }
    }

    @Test func `a store's checkpoint is cosigned, and a witness that went back is noticed`() throws {
        let store = try SoundStore(seconds: 4)
        let disk = MemoryDisk(store.state)
        let state = MemoryDisk()
        _ = try WitnessState.make(on: state, name: "bench/witness")
        let fresh = state.state
        let clock = StoreClock {
            .init(monotonic: Timestamp(nanoseconds: 0), utcNanoseconds: 1_800_000_000_000_000_000)
        }
        let witness = Witness(try WitnessState(state), logs: [store.key], clock: clock)
        let round = try CosigningRound(disk, "store")
        let size = round.checkpoint.size
        let (outcome, remarks, arrived) = try round.ask(witness.key, post: Self.reply(witness))
        #expect(outcome == .cosigned(size: size, time_s: 1_800_000_000))
        #expect(remarks == [])
        #expect(arrived?.verified(origin: round.checkpoint.origin)?.time_s == 1_800_000_000)
        #expect(
            try round.ask(witness.key, post: Self.reply(witness)).outcome
                == .unchanged(size: size, time_s: 1_800_000_000))
        let policy = try WitnessPolicy(parsing: Array("witness w \(witness.key)\nquorum w\n".utf8))
        var verifier = StoreVerifier(disk, key: store.key, seen: [], policy: policy)
        let found = try verifier.run(isRecording: false)
        #expect(found.cosigned == size)
        #expect(found.cosigners == [Cosigner(name: "w", time_s: 1_800_000_000)])
        #expect(found.findings == [])
        // As `keys` was copied and the rest lost.
        let lost = Witness(try WitnessState(MemoryDisk(fresh)), logs: [store.key], clock: clock)
        #expect(try round.ask(lost.key, post: Self.reply(lost)).remarks.count == 1)
    }

    @Test func `answers that are none keep nothing and do not trap`() throws {
        let store = try SoundStore(seconds: 4)
        let disk = MemoryDisk(store.state)
        let names = try disk.names(in: "checkpoints")
        let state = MemoryDisk()
        _ = try WitnessState.make(on: state, name: "bench/witness")
        let clock = StoreClock {
            .init(monotonic: Timestamp(nanoseconds: 0), utcNanoseconds: 1_800_000_000_000_000_000)
        }
        let witness = Witness(try WitnessState(state), logs: [store.key], clock: clock)
        let round = try CosigningRound(disk, "store")
        let good = witness.addCheckpoint(
            WitnessRequest(oldSize: 0, proof: [], note: try #require(try CheckpointFile.read(on: disk))).body)
        #expect(good.status == 200)
        var dice = Dice(15)
        for _ in 0..<2_000 {
            var changed = good.body
            dice.change(&changed)
            guard changed.prefix(good.body.count) != good.body[...] else { continue }
            let status = dice.isTrue(oneIn: 4) ? 409 : 200
            let outcome = try round.ask(witness.key) { _ in
                CosigningRound.Reply(
                    status: status, contentType: dice.isTrue(oneIn: 2) ? "text/x.tlog.size" : "", body: changed)
            }.outcome
            // A line before or behind it may be anything that is a line.
            if case .cosigned = outcome { Issue.record("\(String(decoding: changed, as: UTF8.self))") }
        }
        #expect(try disk.names(in: "checkpoints") == names)
    }
}
