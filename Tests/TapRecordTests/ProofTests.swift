import TapCore
import TestSupport
import Testing

@testable import TapRecord

@Suite struct ProofTests {
    private static func findings(_ found: ProofVerification) -> [String] {
        found.record.findings.map { "\($0.kind.rawValue): \($0.place)" }
    }

    @Test func `a proof of a span holds, and names what no signature covers`() throws {
        let proof = try SmallProof()
        let found = try proof.verify()
        #expect(Self.findings(found) == [])
        #expect(found.record.provenance == "simulated")
        #expect(found.uncovered == ["README.txt", "reader.py"] + ProofNames.specification)
        #expect(
            found.spans.map { [$0.source, "\($0.from.nanoseconds)", "\($0.to.nanoseconds)"] } == [
                ["sim", "1000000", "4000000000"], ["screen", "1000000", "4000000000"],
            ])
        #expect(found.record.checkpoint != nil)
    }

    @Test func `the same store and span give the same bytes`() throws {
        let proof = try SmallProof()
        let again = try SmallProof.written(MemoryDisk(proof.store.state), proof.store.key)
        #expect(again == proof.bytes)
        #expect(try proof.packed() == proof.bytes)
    }

    /// Some of so many bits: one in `usual`. With `TAP_PROOF_BITS` the bits are split into so many parts, and the soak's seed
    /// is the part that is tried.
    private static func bits(_ count: Int, usual: Int) -> StrideTo<Int> {
        let step = Soak.number("TAP_PROOF_BITS") ?? usual
        return stride(from: Int(Soak.seed) % step, to: count, by: step)
    }

    /// Every bit of the ZIP's own bytes, and one in some of the others.
    @Test func `a flipped bit is found`() throws {
        let proof = try SmallProof()
        var bytes = proof.bytes
        var own = Array(repeating: true, count: bytes.count)
        for member in proof.zip.members { for index in member.begin..<member.end { own[Int(index)] = false } }
        var bits = (0..<8 * bytes.count).filter { own[$0 >> 3] }
        bits += Self.bits(8 * bytes.count, usual: 997)
        if Soak.number("TAP_PROOF_BITS") != nil { bits = Array(Self.bits(8 * bytes.count, usual: 1)) }
        for bit in bits {
            bytes[bit >> 3] ^= 1 << UInt8(bit & 7)
            defer { bytes[bit >> 3] ^= 1 << UInt8(bit & 7) }
            guard let found = try? SmallProof.verify(bytes, proof.store.key) else { continue }
            #expect(found.record.findingCount > 0, "bit \(bit)")
        }
        Soak.count("bits of a proof", bits.count)
    }

    /// As before, and the ZIP's checksums are made anew.
    @Test func `a flipped bit in a file that is covered is found though its checksum is right`() throws {
        let proof = try SmallProof()
        // Another question may have an answer that holds too.
        let others = ProofNames.uncovered + [ProofNames.answers]
        var tried = 0
        for member in proof.zip.members where !others.contains(member.name) {
            var bytes = try #require(proof.contents(member.name))
            // Entries are compressed anew each time.
            let step =
                member.isDeflated
                ? 241 : member.name.hasPrefix("log/") || member.name.hasPrefix("keys/") ? 5 : 241
            for bit in Self.bits(8 * bytes.count, usual: step) {
                tried += 1
                bytes[bit >> 3] ^= 1 << UInt8(bit & 7)
                defer { bytes[bit >> 3] ^= 1 << UInt8(bit & 7) }
                guard let found = try? SmallProof.verify(proof.packed([member.name: bytes]), proof.store.key) else {
                    continue
                }
                #expect(found.record.findingCount > 0, "\(member.name), bit \(bit)")
            }
        }
        Soak.count("bits of files whose checksums were made anew", tried)
    }

    @Test func `a flipped bit of a copy is found where it is, in pieces of any size`() throws {
        let copy = Array("# provenance: simulated\nt_ns,SIREN\n0,1\n5000,0\n".utf8)
        let comment = 24
        for piece in [1, 7, copy.count] {
            func difference(_ made: [UInt8], _ held: [UInt8]) throws -> UInt64? {
                let comparison = CopyComparison(
                    "copies/records.csv", in: BytesFile(held), at: UInt64(comment),
                    length: UInt64(held.count - comment),
                    comment: UInt64(comment))
                for begin in stride(from: comment, to: made.count, by: piece) {
                    let bytes = Array(made[begin..<min(begin + piece, made.count)])
                    try unsafe comparison.write(bytes.span.bytes)
                }
                return comparison.difference
            }
            #expect(try difference(copy, copy) == nil)
            for bit in 8 * comment..<8 * copy.count {
                var changed = copy
                changed[bit >> 3] ^= 1 << UInt8(bit & 7)
                #expect(try difference(copy, changed) == UInt64(bit >> 3))
            }
            #expect(try difference(copy, copy.dropLast()) == UInt64(copy.count - 1))
            #expect(try difference(copy, copy + [0]) == UInt64(copy.count))
        }
    }

    @Test func `a flipped bit in an answer is found`() throws {
        let proof = try SmallProof()
        var bytes = try #require(proof.contents(ProofNames.answers))
        let newline = try #require(bytes.firstIndex(of: 10))
        let colon = try #require(bytes[newline...].firstIndex(of: UInt8(ascii: ":")))
        for byte in Array(bytes[...newline].indices) + Array(bytes[colon...].indices) {
            let bit = UInt8(1) << UInt8(byte & 7)
            bytes[byte] ^= bit
            defer { bytes[byte] ^= bit }
            let found = try SmallProof.verify(proof.packed([ProofNames.answers: bytes]), proof.store.key)
            #expect(found.record.findings.map(\.place) == [ProofNames.answers], "byte \(byte)")
        }
        #expect(try SmallProof.verify(proof.packed([ProofNames.answers: bytes]), proof.store.key).record.findings == [])
    }

    @Test func `what no signature covers may be anything, and is named`() throws {
        let proof = try SmallProof()
        let changed = try proof.packed(["README.txt": Array("all is well\n".utf8), "answers.txt": nil])
        let found = try SmallProof.verify(changed, proof.store.key)
        #expect(Self.findings(found) == [])
        #expect(found.uncovered.contains("README.txt") && !found.uncovered.contains("answers.txt"))
    }

    @Test func `files that are not there, or that no proof has, are found`() throws {
        let proof = try SmallProof()
        let segment = try #require(proof.zip.members.first { $0.name.hasPrefix("segments/") }?.name)
        for (name, kind) in [(segment, "missing"), ("keys/log.pem", "missing"), ("clock.csv", "missing")] {
            let found = try SmallProof.verify(proof.packed([name: nil]), proof.store.key)
            #expect(Self.findings(found).contains("\(kind): \(name)"))
        }
        let more = try SmallProof.verify(proof.packed(and: [("notes.txt", [65])]), proof.store.key)
        #expect(Self.findings(more) == ["extra: notes.txt"])
        for name in ["log/checkpoint", "log/proof", "log/entries"] {
            #expect(throws: TapError.self) { try SmallProof.verify(proof.packed([name: nil]), proof.store.key) }
        }
    }

    // Other keys, other logs

    @Test func `another key proves nothing, and that is said`() throws {
        let proof = try SmallProof()
        let other = try SoundStore(seconds: 1)
        let found = try SmallProof.verify(proof.bytes, other.key)
        #expect(Self.findings(found) == ["unproven: log/checkpoint"])
        #expect(found.record.checkpoint == nil && found.isBroken)
        #expect(found.record.remarks.last?.hasPrefix("nothing else of it was looked at: ") == true)
    }

    @Test func `files of another store's proof do not fit`() throws {
        let (proof, other) = (try SmallProof(), try SmallProof())
        let segment = try #require(proof.zip.members.first { $0.name.hasPrefix("segments/") }?.name)
        for name in ["log/checkpoint", "log/proof", "log/entries", "keys/epoch.pem", segment] {
            // Simulated records of both are the same.
            guard other.contents(name) != proof.contents(name) else { continue }
            let changed = try proof.packed([name: other.contents(name)])
            let found = try SmallProof.verify(changed, proof.store.key)
            #expect(found.record.findingCount > 0, "\(name)")
        }
    }

    @Test func `a checkpoint that was noted elsewhere is a witness, and one of another history is not`() throws {
        let store = try SoundStore(seconds: 4)
        let disk = MemoryDisk(store.state)
        let note = try #require(try CheckpointFile.read(on: disk))
        let newest = try Checkpoint(parsing: note.text)
        var reader = try LogReader(on: disk)
        var tree = Tree()
        while tree.size < newest.size - 2, let next = try reader.next() { tree.append(.leaf(next.entry)) }
        let seen = Checkpoint(origin: newest.origin, size: tree.size, root: tree.root)
        let bytes = try SmallProof.written(disk, store.key, seen: [seen])
        #expect(try SmallProof.verify(bytes, store.key, seen: [seen]).record.witnessed == tree.size)
        #expect(try SmallProof.verify(bytes, store.key, seen: [newest]).record.witnessed == newest.size)
        let forked = Checkpoint(origin: newest.origin, size: tree.size, root: .emptyRoot)
        #expect(
            Self.findings(try SmallProof.verify(bytes, store.key, seen: [forked]))
                == ["forked: log up to entry \(tree.size)"])
        let later = Checkpoint(origin: newest.origin, size: newest.size + 9, root: .emptyRoot)
        let foreign = Checkpoint(origin: "else", size: 9, root: .emptyRoot)
        let remarks = try SmallProof.verify(bytes, store.key, seen: [later, foreign]).record.remarks
        #expect(remarks.count == 2 && remarks[0].hasPrefix("checkpoints of 'else'"))
    }

    // Hostile ones

    private static func problem(_ bytes: [UInt8]) -> String {
        do {
            _ = try StoredZip(BytesFile(bytes))
            return "none"
        } catch { return error.what }
    }

    @Test func `a ZIP that was packed in another way is refused with what is other`() throws {
        let proof = try SmallProof()
        #expect(Self.problem([]) == "is no store and no proof: it is no ZIP")
        #expect(Self.problem(Array(repeating: 7, count: 100)) == "is no store and no proof: it is no ZIP")
        #expect(Self.problem(proof.bytes.dropLast()) == "its end was cut off, or something was added to it")
        #expect(Self.problem(proof.bytes + [0]) == "its end was cut off, or something was added to it")
        #expect(Self.problem(try proof.packed(and: [("clock.csv", [])])) == "has two files of the name clock.csv")
        for name in ["../../etc/passwd", "/etc/passwd", "a/../b", ".ssh", "a//b", "a\\b", "a\nb", ""] {
            #expect(
                Self.problem(try proof.packed(and: [(name, [1])]))
                    == "has a file of the name \(quoted(name)), which no file of a proof has")
        }
        var compressed = proof.bytes
        let listing = try #require(Self.place(of: "PK\u{1}\u{2}", in: compressed))
        compressed[listing + 10] = 8
        #expect(Self.problem(compressed) == "has README.txt compressed: a proof has it as it is")
        var before = proof.bytes
        before[14] ^= 1
        #expect(Self.problem(before) == "says something else of README.txt before it than in its directory")
        var larger = proof.bytes
        larger[listing + 24 + 3] = 0xFF
        #expect(Self.problem(larger) == "its directory says of README.txt what no proof says")
    }

    private static func place(of text: String, in bytes: [UInt8]) -> Int? {
        let wanted = Array(text.utf8)
        return bytes.indices.first { bytes[$0...].starts(with: wanted) }
    }

    @Test func `a proof of a newer format is refused`() throws {
        let proof = try SmallProof()
        let newer = String(decoding: try #require(proof.contents("log/proof")), as: UTF8.self)
            .replacing("proof 1\n", with: "proof 2\n")
        #expect(
            throws: TapError(
                .configuration, "p.tapproof: log/proof", "is of format 2, and this tap knows format 1",
                remedy: "use a newer tap")
        ) { try SmallProof.verify(proof.packed(["log/proof": Array(newer.utf8)]), proof.store.key) }
    }

    @Test func `more entries than there are bytes for are no reason to take memory`() throws {
        let proof = try SmallProof()
        let hostile = "tap.record.v1/proof 1\n70000000000000000\nentries 0 70000000000000000\n"
        let found = try SmallProof.verify(proof.packed(["log/proof": Array(hostile.utf8)]), proof.store.key)
        // The checkpoint has signed another size.
        #expect(Self.findings(found) == ["altered: log"])
        #expect(throws: StoreProblem.self) {
            try ProofVerifier.entries(of: proof.zip, LogProof(parsing: Array(hostile.utf8)))
        }
    }

    @Test func `nothing begins beside a log that the key has not signed`() throws {
        let proof = try SmallProof()
        var calls = 0
        func verify(_ bytes: [UInt8], _ key: VerifierKey) throws -> [String] {
            Self.findings(try ProofFile(BytesFile(bytes), "p.tapproof").verify(key: key) { calls += 1 })
        }
        #expect(try verify(proof.bytes, proof.store.key) == [] && calls == 1)
        #expect(try verify(proof.bytes, SoundStore(seconds: 1).key) == ["unproven: log/checkpoint"] && calls == 1)
        var entries = try #require(proof.contents("log/entries"))
        entries[entries.count / 2] ^= 1
        let changed = try proof.packed(["log/entries": entries])
        #expect(try verify(changed, proof.store.key) == ["altered: log"] && calls == 1)
    }

    /// `TAP_FUZZ` is the number of rounds.
    @Test func `nothing that is nearly a proof makes a reader trap`() throws {
        let proof = try SmallProof(seconds: 2)
        let rounds = Soak.number("TAP_FUZZ") ?? 150
        var dice = Dice(5 + Soak.seed << 32)
        for round in 0..<rounds {
            var bytes = proof.bytes
            if round % 3 == 0 {
                for _ in 0...dice.below(3) { dice.change(&bytes) }
            } else {
                // Where the ZIP is as it must be.
                let member = dice.pick(proof.zip.members)
                var contents = try #require(proof.contents(member.name))
                for _ in 0...dice.below(3) { dice.change(&contents) }
                bytes = try proof.packed([member.name: contents])
            }
            let found = try? SmallProof.verify(bytes, proof.store.key)
            if round % 3 == 0, bytes != proof.bytes, let found {
                #expect(found.record.findingCount > 0, "round \(round)")
            }
            guard var reader = try? ProofFile(BytesFile(bytes), "p").reader() else { continue }
            var (buffer, collector) = (RecordBuffer(), RecordCollector())
            while (try? reader.read(into: &buffer)) ?? false { buffer.drain(into: &collector) }
        }
        Soak.count("proofs that were changed", rounds)
    }

    @Test func `a site file is covered where sessions name its digest, and found where they name another`() throws {
        let site = Array("name: bench\n".utf8)
        #expect(SiteNote.isOf(site, ["wired by hand", SiteNote.text(site)]) == true)
        #expect(SiteNote.isOf(site + [10], [SiteNote.text(site)]) == false)
        #expect(SiteNote.isOf(site, ["wired by hand"]) == nil)
        #expect(
            SiteNote.text([]) == "site file, SHA-256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    // Stores

    @Test func `no proof is made of a chunk that was altered, nor of a span of which nothing is there`() throws {
        let store = try SoundStore(seconds: 4)
        let disk = MemoryDisk(store.state)
        let draft = try SmallProof.draft(disk, store.key)
        let chunk = try #require(draft.contents.chunks.first?.entry)
        let path = SegmentWriter.path(chunk.segment)
        var bytes = try #require(disk[path])
        bytes[Int(chunk.offset) + 60] ^= 1
        disk[path] = bytes
        #expect(throws: TapError.self) { try SmallProof.written(disk, store.key) }
        #expect(throws: StoreProblem.self) {
            try ProofDraft(
                disk, "store", key: store.key, from: .sinceStart(.seconds(100)), to: .sinceStart(.seconds(200)),
                seen: [], span: "")
        }
    }

    @Test func `a proof is read as the capture that its chunks are`() throws {
        let proof = try SmallProof()
        var reader = try ProofFile(BytesFile(proof.bytes), "p").reader()
        var buffer = RecordBuffer()
        var counts: (edges: UInt64, scans: UInt64) = (0, 0)
        var isMore = true
        while isMore {
            isMore = try reader.read(into: &buffer)
            let more = buffer.counts
            counts = (counts.edges + more.edges, counts.scans + more.scans)
            var sink = RecordCollector()
            buffer.drain(into: &sink)
        }
        // Of four seconds: the one that was asked for, and those around it up to where lines were read again.
        #expect(counts == (32, 80))
    }
}
