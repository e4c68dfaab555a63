import TapCore

@testable import TapRecord

/// A proof of a span of `SoundStore`, in memory, to be changed.
struct SmallProof {
    let store: SoundStore
    let bytes: [UInt8]
    let zip: StoredZip

    init(seconds: UInt64 = 4) throws {
        store = try SoundStore(seconds: seconds)
        bytes = try SmallProof.written(MemoryDisk(store.state), store.key)
        zip = try StoredZip(BytesFile(bytes))
    }

    /// The second second of the last session.
    static func draft(_ disk: any Disk, _ key: VerifierKey, seen: [Checkpoint] = []) throws -> ProofDraft {
        try ProofDraft(
            disk, "store", key: key, from: .sinceStart(.seconds(1)), to: .sinceStart(.milliseconds(1_500)), seen: seen,
            span: "1s to 1500ms")
    }

    static func written(_ disk: any Disk, _ key: VerifierKey, seen: [Checkpoint] = []) throws -> [UInt8] {
        let output = MemoryOutput()
        var extras = ProofDraft.Extras()
        let draft = try draft(disk, key, seen: seen)
        let name = draft.contents.starts.flatMap(\.sources).flatMap(\.lines)[0].name
        let session = draft.contents.starts[0].session
        extras.answers =
            draft.provenance + "\n"
            + draft.answer(
                name, session: session, from: Timestamp(nanoseconds: 1_000_000_000),
                to: Timestamp(nanoseconds: 1_500_000_000)) + "\n"
        try draft.write(to: output, extras)
        return output.bytes
    }

    static func verify(_ bytes: [UInt8], _ key: VerifierKey, seen: [Checkpoint] = []) throws -> ProofVerification {
        try ProofFile(BytesFile(bytes), "p.tapproof").verify(key: key, seen: seen)
    }

    func verify(seen: [Checkpoint] = []) throws -> ProofVerification {
        try SmallProof.verify(bytes, store.key, seen: seen)
    }

    /// Packed anew, with other bytes in some files; nil: without it.
    func packed(_ changes: [String: [UInt8]?] = [:], and more: [(String, [UInt8])] = []) throws -> [UInt8] {
        let output = MemoryOutput()
        var writer = StoredZipWriter(output)
        for member in zip.members {
            guard let bytes = changes[member.name] ?? contents(member.name) else { continue }
            try writer.add(member.name, bytes)
        }
        for (name, bytes) in more { try writer.add(name, bytes) }
        try writer.finish()
        return output.bytes
    }

    func contents(_ name: String) -> [UInt8]? { try? zip.contents(name, atMost: .max) }
}
