/// The body of `add-checkpoint` (C2SP tlog-witness).
public struct WitnessRequest: Sendable, Hashable {
    /// Of the checkpoint that the witness is thought to have cosigned last; 0: none.
    public var oldSize: UInt64
    public var proof: [Digest]
    public var note: SignedNote

    /// Lines.
    public static let longestProof = 63
    /// Bytes: a note of sixteen signatures of the longest type, and the proof.
    public static let longest = 1 << 16

    public init(oldSize: UInt64, proof: [Digest], note: SignedNote) {
        (self.oldSize, self.proof, self.note) = (oldSize, proof, note)
    }

    /// nil: it is none.
    public init?(parsing body: [UInt8]) {
        guard body.count <= WitnessRequest.longest else { return nil }
        let newline = UInt8(ascii: "\n")
        guard let end = body.indices.dropFirst().first(where: { body[$0] == newline && body[$0 - 1] == newline }),
            let note = try? SignedNote(parsing: Array(body[(end + 1)...]))
        else { return nil }
        let lines = body[..<(end - 1)].split(separator: newline, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard let first = lines.first, first.hasPrefix("old "), lines.count - 1 <= WitnessRequest.longestProof else {
            return nil
        }
        let size = first.dropFirst(4)
        guard let old = UInt64(size), String(old) == size else { return nil }
        var proof: [Digest] = []
        for line in lines.dropFirst() {
            guard let bytes = Base64.decode(line), let digest = Digest(bytes) else { return nil }
            proof.append(digest)
        }
        self.init(oldSize: old, proof: proof, note: note)
    }

    public var body: [UInt8] {
        Array(("old \(oldSize)\n" + proof.map { $0.base64 + "\n" }.joined() + "\n").utf8) + note.serialised
    }
}

extension Checkpoint {
    /// From a note's text, which may have more lines behind the three (C2SP tlog-checkpoint): other logs write some.
    init?(extended text: String) {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count >= 4, lines.dropLast().dropFirst(3).allSatisfy({ !$0.isEmpty }) else { return nil }
        let first = lines.prefix(3).map { String(Substring($0)) + "\n" }.joined()
        guard let checkpoint = try? Checkpoint(parsing: first) else { return nil }
        self = checkpoint
    }
}
