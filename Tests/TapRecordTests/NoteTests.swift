import TapCore
import Testing

@testable import TapRecord

@Suite struct NoteTests {
    /// The example of Go's sumdb/note and of C2SP signed-note.
    private static let verifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    private static let signer = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    private static let text = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        """
    private static let note =
        text + "\n\u{2014} PeterNeumann "
        + "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

    @Test func `the example of the specification verifies`() throws {
        let key = try #require(VerifierKey(NoteTests.verifier))
        #expect(key.name == "PeterNeumann")
        #expect(key.id == 0xc74f_20a3)
        #expect(key.text == NoteTests.verifier)
        let note = try SignedNote(parsing: Array(NoteTests.note.utf8))
        #expect(note.text == NoteTests.text)
        #expect(note.isSigned(by: key))
        #expect(note.serialised == Array(NoteTests.note.utf8))
    }

    @Test func `the signing key of the example is read`() throws {
        let key = try #require(SigningKey(NoteTests.signer))
        #expect(key.text == NoteTests.signer)
        #expect(key.verifierKey.text == NoteTests.verifier)
        var note = SignedNote(NoteTests.text)
        note.sign(by: key)
        #expect(note.isSigned(by: key.verifierKey))
    }

    @Test func `every bit of a signed text and its signature counts`() throws {
        let key = try #require(VerifierKey(NoteTests.verifier))
        let bytes = Array(NoteTests.note.utf8)
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect((try? SignedNote(parsing: flipped))?.isSigned(by: key) != true, "bit \(bit)")
        }
    }

    @Test func `keys are read strictly`() {
        for text in [
            "", "PeterNeumann", "PeterNeumann+c74f20a3", "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10",
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWAA==",
            "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        ] { #expect(VerifierKey(text) == nil, "\(text)") }
        #expect(SigningKey(NoteTests.verifier) == nil)
        #expect(SigningKey(String(NoteTests.signer.dropLast())) == nil)
        #expect(SigningKey(NoteTests.signer.replacing("c74f20a3", with: "c74f20a2")) == nil)
    }

    @Test func `names have no space and no plus`() {
        for name in ["", "a b", "a+b", "a\u{2003}b", "a\nb", "a\tb", "a\u{0}"] { #expect(!VerifierKey.isName(name)) }
        for name in ["plant-3/press", "Ünit-2", "plant-3/press/epoch/7"] { #expect(VerifierKey.isName(name)) }
    }

    @Test func `new keys differ and sign`() throws {
        let key = SigningKey.make(name: "plant-3/press")
        let other = SigningKey.make(name: "plant-3/press")
        #expect(key.text != other.text)
        let read = try #require(SigningKey(key.text))
        #expect(read.verifierKey == key.verifierKey)
        #expect(VerifierKey(key.verifierKey.text) == key.verifierKey)
        let signature = read.sign([1, 2, 3])
        #expect(signature.count == 64)
        #expect(key.verifierKey.verifies(signature, of: [1, 2, 3]))
        #expect(!key.verifierKey.verifies(signature, of: [1, 2]))
        #expect(!key.verifierKey.verifies(Array(signature.dropLast()), of: [1, 2, 3]))
        #expect(!other.verifierKey.verifies(signature, of: [1, 2, 3]))
    }

    @Test func `malformed notes are refused`() {
        let line = NoteTests.note.dropFirst(NoteTests.text.count + 1)
        func problem(_ text: String) -> NoteProblem? {
            do throws(NoteProblem) {
                _ = try SignedNote(parsing: Array(text.utf8))
                return nil
            } catch { return error }
        }
        #expect(problem("") == .noSignatures)
        #expect(problem("\n") == .noSignatures)
        #expect(problem("\n\n") == .noSignatures)
        #expect(problem(NoteTests.text) == .noSignatures)
        #expect(problem(NoteTests.text + "\n") == .noSignatures)
        #expect(problem(NoteTests.text + line) == .noSignatures)
        #expect(problem(String(NoteTests.note.dropLast())) == .noSignatures)
        #expect(problem(NoteTests.text + "\n" + line + "x\n") == .signature(1))
        #expect(problem(NoteTests.text + "\n" + line.replacing("\u{2014}", with: "-")) == .signature(0))
        #expect(problem(NoteTests.text + "\n" + line.replacing(" x08", with: "  x08")) == .signature(0))
        #expect(problem(NoteTests.text + "\n\u{2014} name AAAAAA==\n") == .signature(0))
        #expect(problem("a\tb\n\n" + line) == .notText)
        #expect(problem("a\r\n\n" + line) == .notText)
        #expect(problem("a\n\n" + String(repeating: String(line), count: 100)) == nil)
        #expect(problem("a\n\n" + String(repeating: String(line), count: 101)) == .tooManySignatures)
        #expect(problem(String(repeating: "a", count: 1_000_001)) == .tooLong(1_000_001))
        #expect(throws: NoteProblem.notText) { try SignedNote(parsing: [0xFF] + Array(NoteTests.note.utf8)) }
    }

    @Test func `lines by other keys are named`() throws {
        let keys = ["a", "b", "a"].map { SigningKey.make(name: $0) }
        let note = Checkpoint(origin: "a", size: 0, root: .emptyRoot).signed(by: keys)
        let read = try SignedNote(parsing: note.serialised)
        #expect(read == note)
        #expect(read.isSigned(by: keys[0].verifierKey))
        #expect(read.isSigned(by: keys[2].verifierKey))
        #expect(read.signatures(notBy: [keys[0].verifierKey, keys[1].verifierKey]) == [note.signatures[2]])
        #expect(!read.isSigned(by: SigningKey.make(name: "a").verifierKey))
    }

    @Test func `checkpoints are three lines`() throws {
        let checkpoint = Checkpoint(origin: "plant-3/press", size: 1234, root: Digest.leaf([7]))
        #expect(checkpoint.text == "plant-3/press\n1234\n\(Digest.leaf([7]).base64)\n")
        #expect(try Checkpoint(parsing: checkpoint.text) == checkpoint)
        let root = checkpoint.root.base64
        func problem(_ text: String) -> NoteProblem? {
            do throws(NoteProblem) {
                _ = try Checkpoint(parsing: text)
                return nil
            } catch { return error }
        }
        #expect(problem("") == .lines(0))
        #expect(problem(checkpoint.text + "more\n") == .lines(4))
        #expect(problem("a b\n1\n\(root)\n") == .origin)
        for size in ["", "-1", "+1", "01", "1 ", "18446744073709551616", "0x1"] {
            #expect(problem("a\n\(size)\n\(root)\n") == .size, "\(size)")
        }
        #expect(problem("a\n18446744073709551615\n\(root)\n") == nil)
        #expect(problem("a\n1\n\(root.dropLast())\n") == .root)
        #expect(problem("a\n1\nAAAA\n") == .root)
    }

    private func note(_ size: UInt64) -> SignedNote {
        Checkpoint(origin: "a", size: size, root: .emptyRoot).signed(by: [SigningKey.make(name: "a")])
    }

    @Test func `checkpoints are written in two places by turns`() throws {
        let disk = MemoryDisk()
        #expect(try CheckpointFile.read(on: disk) == nil)
        var writer = CheckpointWriter(on: disk)
        var last: SignedNote?
        for size in UInt64(1)...5 {
            let note = note(size)
            try writer.write(note)
            let places = try #require(try CheckpointFile.places(on: disk))
            #expect(places.newest == note && places.older == last && !places.isTorn)
            #expect(try CheckpointFile.read(on: disk.crashedKeepingSynced(after: disk.operations.count)) == note)
            last = note
        }
        // One name, for one file.
        #expect(disk.operations.count { if case .rename = $0 { true } else { false } } == 1)
        disk["checkpoint"] = Array("a\n".utf8)
        #expect(throws: LogProblem("checkpoint", .size(2, expected: 8_192))) { try CheckpointFile.read(on: disk) }
        disk["checkpoint"] = [UInt8](repeating: 0, count: 8_192)
        #expect(throws: LogProblem("checkpoint", .torn)) { try CheckpointFile.read(on: disk) }
    }

    @Test func `a cut at any sector leaves the newest checkpoint or the one before it`() throws {
        let disk = MemoryDisk()
        var writer = CheckpointWriter(on: disk)
        let notes = (UInt64(1)...4).map(note)
        var ends: [Int] = []
        for note in notes {
            try writer.write(note)
            ends.append(disk.operations.count)
        }
        let cut = CutDisk(disk.operations)
        let (prefixes, parts) = cut.cuts(from: ends[0])
        for one in prefixes + parts {
            let safe = try #require(ends.lastIndex { $0 <= one.operations })
            let found = try #require(try CheckpointFile.read(on: cut.disk(after: one)))
            #expect(found == notes[safe] || found == notes[min(safe + 1, 3)], "\(one)")
        }
        #expect(parts.count > 20)
    }

    @Test func `a write of a checkpoint that failed is made good in a new file`() throws {
        for failing in 0..<2 {
            let disk = MemoryDisk()
            var writer = CheckpointWriter(on: disk)
            let (first, second, third) = (note(1), note(2), note(3))
            try writer.write(first)
            disk.fail(after: failing)
            #expect(throws: DiskError.self) { try writer.write(second) }
            disk.fail(after: nil)
            #expect(try CheckpointFile.read(on: disk.crashedKeepingSynced(after: disk.operations.count)) == first)
            try writer.write(third)
            let places = try #require(try CheckpointFile.places(on: disk))
            #expect(places.newest == third && places.older == nil && !places.isTorn)
        }
    }

    @Test func `a bit of any place of the checkpoint is seen`() throws {
        let disk = MemoryDisk()
        var writer = CheckpointWriter(on: disk)
        try writer.write(note(1))
        try writer.write(note(2))
        let bytes = try #require(disk["checkpoint"])
        for bit in stride(from: 0, to: bytes.count * 8, by: 211) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            disk["checkpoint"] = flipped
            let places = try #require(try CheckpointFile.places(on: disk))
            #expect(places.isTorn && places.older == nil && places.newest != nil, "bit \(bit)")
        }
    }

    @Test func `a note that is longer than its place is refused`() throws {
        var writer = CheckpointWriter(on: MemoryDisk())
        let name = String(repeating: "o", count: 4_000)
        let long = Checkpoint(origin: name, size: 1, root: .emptyRoot).signed(by: [SigningKey.make(name: "a")])
        #expect(throws: DiskError("write", "checkpoint", .nameTooLong)) { try writer.write(long) }
    }

    @Test func `hand overs are seven lines`() {
        let key = SigningKey.make(name: "plant-3/press/epoch/7").verifierKey
        let recovery = SigningKey.make(name: "plant-3/press/recovery/7").verifierKey
        var text = HandOverText(
            origin: "plant-3/press", epoch: 7, size: 1234, root: .emptyRoot, key: key, recoveryKey: recovery)
        #expect(
            text.text == """
                tap.record.v1/hand-over
                plant-3/press
                7
                1234
                47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
                \(key.text)
                \(recovery.text)

                """)
        #expect(text.isNamedRight)
        text.epoch = 8
        #expect(!text.isNamedRight)
    }

    @Test func `base 64 is strict`() {
        let known: [(String, String)] = [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ]
        for (plain, encoded) in known {
            #expect(Base64.encode(Array(plain.utf8)) == encoded)
            #expect(Base64.decode(encoded) == Array(plain.utf8))
        }
        #expect(Base64.encode([0xFB, 0xFF]) == "+/8=")
        for text in [
            "Zg", "Zg=", "Zg===", "Z===", "====", "Zh==", "Zm9=", "Zm9v\n", "Zm 9", "-_8=", "Zg==Zg==", "=Zg=", "Zm9v=",
        ] { #expect(Base64.decode(text) == nil, "\(text)") }
        for length in 0..<70 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ length) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }
}
