import TapCore
import TestSupport
import Testing

@testable import TapRecord

/// Stores that are nearly right, thousands of them: each reader ends, with what is there or with one clear mistake.
/// `TAP_FUZZ` is the number of rounds of each.
@Suite struct StoreFuzzTests {
    static let rounds = Soak.number("TAP_FUZZ") ?? 60
    static let line = "SIREN"

    /// What all that reads a store says of one.
    private struct Outcome {
        var verification: Verification
        var answer: Completeness?
        /// nil: it cannot be read to its end.
        var records: Int?
    }

    /// Every reader in turn, at last a recorder that goes on.
    private func look(at state: MemoryDisk.State, _ key: VerifierKey) throws -> Outcome {
        var verifier = StoreVerifier(MemoryDisk(state), key: key, seen: [], readsRecords: true)
        var outcome = Outcome(verification: try verifier.run(isRecording: false))
        let question = StoreQuestion(
            MemoryDisk(state), key: key, .line(StoreFuzzTests.line),
            from: .utc(SoundStore.utc(2, 1_500_000_000)), to: .utc(SoundStore.utc(2, 2_500_000_000)))
        outcome.answer = try? question.answer()
        _ = try? StoreStatus(MemoryDisk(state), isRecording: false)
        outcome.records = try? records(of: state)
        try? SoundStore.record(on: MemoryDisk(state), 1)
        return outcome
    }

    private func records(of state: MemoryDisk.State) throws -> Int {
        var reader = try StoreReader(MemoryDisk(state), "store")
        var buffer = RecordBuffer()
        var collector = RecordCollector()
        while try reader.read(into: &buffer) { buffer.drain(into: &collector) }
        buffer.drain(into: &collector)
        return collector.records.count
    }

    @Test func `a change of any file makes no reader trap, and is found`() throws {
        let sound = try SoundStore(seconds: 60)
        let before = try look(at: sound.state, sound.key)
        #expect(before.verification.findings == [])
        #expect(before.verification.size > 256)
        #expect(before.answer?.answer == .silent)
        #expect(before.records ?? 0 > 500)
        let paths = sound.state.names.keys.sorted()
        var dice = Dice(1 + Soak.seed << 32)
        for round in 0..<StoreFuzzTests.rounds {
            let path = dice.pick(paths)
            let disk = MemoryDisk(sound.state)
            let bytes = try #require(disk[path])
            var changed = bytes
            for _ in 0...dice.below(3) { dice.change(&changed) }
            disk[path] = changed
            let after = try look(at: disk.state, sound.key)
            let isOfRecord = !path.hasPrefix("keys/") && path != StoreLayout.lock && changed != bytes
            if isOfRecord { #expect(after.verification.findings != [], "round \(round): \(path)") }
            // A change gives no other answer.
            if let answer = after.answer, answer.answer != .unknown {
                #expect(answer.answer == .silent, "round \(round): \(path)")
            }
        }
        Soak.count("stores with a changed file", StoreFuzzTests.rounds)
    }

    @Test func `a log that another program wrote makes no reader trap`() throws {
        let sound = try SoundStore(seconds: 5)
        let entries = try sound.entries()
        let forged = ForgedLog(epochs: 9)
        let same = try forged.disk(entries, sound.state) { $1 }
        let before = try look(at: same.state, forged.key)
        #expect(before.verification.findings == [])
        #expect(before.answer?.answer == .silent)
        var dice = Dice(2 + Soak.seed << 32)
        var answers = 0
        for _ in 0..<StoreFuzzTests.rounds {
            let targets = [dice.below(entries.count), dice.below(entries.count)].prefix(1 + dice.below(2))
            let disk = try forged.disk(entries, sound.state) { index, bytes in
                guard targets.contains(index), var fields = WireField.parse(bytes[...]) else { return bytes }
                WireField.change(&fields, &dice)
                return WireField.serialised(fields)
            }
            do {
                if try look(at: disk.state, forged.key).answer?.answer == .silent { answers += 1 }
            } catch let problem as StoreProblem where problem.isNewer {
                // Of a format that this tap does not know: that is its answer.
            }
        }
        #expect(answers > 0)
        Soak.count("stores with a forged entry", StoreFuzzTests.rounds)
    }

    @Test(arguments: ["", "plant 3/simulated", "plant+3/simulated", String(repeating: "x", count: 1_001)])
    func `a store of an origin that no key can be named by is refused by a recorder`(origin: String) throws {
        let sound = try SoundStore(seconds: 5)
        let forged = ForgedLog(epochs: 9)
        let disk = try forged.disk(try sound.entries(), sound.state) { _, bytes in
            guard case .initial(var entry)? = try? LogEntry(decoding: bytes) else { return bytes }
            entry.origin = origin
            return LogEntry.initial(entry).encoded()
        }
        let problem = #expect(throws: StoreProblem.self) { try SoundStore.record(on: MemoryDisk(disk.state), 1) }
        #expect(problem?.what.hasPrefix("has an origin that no store can have: ") == true)
    }

    @Test func `chunks that another program wrote make no reader trap`() throws {
        let sound = try SoundStore(seconds: 5)
        let entries = try sound.entries()
        let forged = ForgedLog(epochs: 9)
        let places = try entries.map { (bytes: [UInt8]) -> ChunkEntry? in
            if case .chunk(let entry) = try LogEntry(decoding: bytes) { entry } else { nil }
        }
        let chunks = places.indices.filter { places[$0] != nil }
        var dice = Dice(3 + Soak.seed << 32)
        for _ in 0..<StoreFuzzTests.rounds {
            let target = dice.pick(chunks)
            var entry = places[target]!
            let path = SegmentWriter.path(entry.segment)
            let disk = MemoryDisk(sound.state)
            var file = disk[path]!
            let range = Int(entry.offset)..<Int(entry.offset + entry.length)
            var bytes = Array(file[range])
            dice.change(&bytes, keepingLength: true)
            file.replaceSubrange(range, with: bytes)
            disk[path] = file
            entry.sha256 = Digest.of(bytes).bytes
            let changed = try forged.disk(entries, disk.state) { index, bytes in
                index == target ? LogEntry.chunk(entry).encoded() : bytes
            }
            _ = try look(at: changed.state, forged.key)
        }
        Soak.count("stores with a forged chunk", StoreFuzzTests.rounds)
    }

    @Test func `no text makes a reader of notes and keys trap`() throws {
        let log = SigningKey.make(name: SoundStore.origin)
        let note = Checkpoint(origin: SoundStore.origin, size: 7, root: .emptyRoot).signed(by: [log, log])
        let texts = [note.serialised, Array(note.text.utf8), Array(log.text.utf8), Array(log.verifierKey.text.utf8)]
        var dice = Dice(4 + Soak.seed << 32)
        var read = 0
        for _ in 0..<20 * StoreFuzzTests.rounds {
            var bytes = dice.pick(texts)
            for _ in 0...dice.below(3) { dice.change(&bytes) }
            let text = String(decoding: bytes, as: UTF8.self)
            if let note = try? SignedNote(parsing: bytes) {
                read += 1
                _ = note.isSigned(by: log.verifierKey)
                _ = try? SignedNote(parsing: note.serialised)
            }
            if (try? Checkpoint(parsing: text)) != nil { read += 1 }
            if let key = VerifierKey(text) { #expect(key.text == text) }
            if let key = SigningKey(text) { #expect(key.text == text) }
            if let decoded = Base64.decode(text) { #expect(Base64.encode(decoded) == text) }
        }
        #expect(read > 0)
        Soak.count("changed notes and keys", 20 * StoreFuzzTests.rounds)
    }
}
