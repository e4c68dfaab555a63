import TapCore

/// A witness's cosignature of a checkpoint of this log, as an entry has it.
public struct EnteredCosignature: Sendable, Hashable {
    /// Of the checkpoint.
    var size: UInt64 = 0
    var root: [UInt8] = []
    /// Verifier key.
    var witness = ""
    /// Time and signature, as in a note.
    var signature: [UInt8] = []
}

extension EnteredCosignature: CheckpointStatement {
    var author: String { witness }
    var evidence: [UInt8] { signature }

    init(size: UInt64, root: [UInt8], author: String, evidence: [UInt8]) {
        self.init(size: size, root: root, witness: author, signature: evidence)
    }
}

extension EnteredCosignature {
    init(_ signature: SignedNote.Signature, by key: WitnessKey, of checkpoint: Checkpoint) {
        self.init(
            size: checkpoint.size, root: checkpoint.root.bytes, witness: key.text, signature: signature.signature)
    }

    /// For those who know of remarks only.
    var words: String {
        let time_s = signature.prefix(WitnessKey.timeLength).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return "\(WitnessKey(witness)?.name ?? witness) cosigned \(size) entries, by its clock \(time_s) s after 1970"
    }

    /// The checkpoint with this signature alone; nil: there can be none.
    func note(origin: String) -> (note: SignedNote, key: WitnessKey)? {
        guard VerifierKey.isName(origin), let key = WitnessKey(witness), let root = Digest(root) else { return nil }
        var note = SignedNote(Checkpoint(origin: origin, size: size, root: root).text)
        note.add(SignedNote.Signature(name: key.name, id: key.id, signature: signature))
        return (note, key)
    }

    /// Whose it is and when it was made, in seconds since 1970; nil: it does not hold.
    func verified(origin: String) -> (key: WitnessKey, time_s: UInt64)? {
        guard let (note, key) = note(origin: origin), let time_s = key.time(of: note) else { return nil }
        return (key, time_s)
    }
}
