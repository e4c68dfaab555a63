import TapCore

/// Nothing of a log is held in memory before it is clear that the key has signed it: a small file can stand for much.
extension ProofVerifier {
    /// Bytes of all entries: they are in memory at once.
    static let longestEntries: UInt64 = 1 << 30

    /// Where entries are.
    static func proof(of zip: StoredZip) throws(StoreProblem) -> LogProof {
        let text = try zip.contents(ProofNames.proof, atMost: LogProof.longest)
        do throws(LogProof.Problem) { return try LogProof(parsing: text) } catch {
            var problem = StoreProblem(
                ProofNames.proof, error.what,
                error.isNewer ? "use a newer tap" : "it is not as 'tap prove' wrote it")
            problem.isNewer = error.isNewer
            throw problem
        }
    }

    /// Entries of a proof with their indexes.
    static func entries(
        of zip: StoredZip, _ proof: LogProof, atMost limit: UInt64 = longestEntries
    ) throws(StoreProblem) -> Entries {
        let bytes = try zip.contents(ProofNames.entries, atMost: limit)
        // Each has two bytes at least: no more indexes than that are made.
        guard proof.entryCount <= UInt64(bytes.count) / 2 else { throw malformed }
        var entries: Entries = []
        var place = 0
        for index in proof.indexes {
            guard place + 2 <= bytes.count else { throw malformed }
            let length = Int(bytes[place]) << 8 | Int(bytes[place + 1])
            guard place + 2 + length <= bytes.count else { throw malformed }
            entries.append((index, Array(bytes[(place + 2)..<(place + 2 + length)])))
            place += 2 + length
        }
        guard place == bytes.count else { throw malformed }
        return entries
    }

    private static var malformed: StoreProblem {
        StoreProblem(
            ProofNames.entries, "is not as many entries as log/proof says", "it is not as 'tap prove' wrote it")
    }

    /// The checkpoint, where the key has signed it and entries and hashes give its root.
    ///
    /// - Returns: nil: something is found.
    mutating func signedLog(_ proof: LogProof) throws(StoreProblem) -> (note: SignedNote, checkpoint: Checkpoint)? {
        let place = ProofNames.checkpoint
        let bytes = try zip.contents(place, atMost: UInt64(SignedNote.longest))
        guard let note = try? SignedNote(parsing: bytes), let checkpoint = try? Checkpoint(parsing: note.text) else {
            found.record.add(.altered, place, "is no signed checkpoint")
            return nil
        }
        found.record.origin = printable(checkpoint.origin)
        guard note.isSigned(by: key), checkpoint.origin == key.name else {
            let isWrong = note.signatures.contains { $0.name == key.name && $0.id == key.id }
            found.record.add(
                .unproven, place,
                isWrong
                    ? "the signature of \(key.name) does not fit: it was altered"
                    : "is not signed by the key that was given (\(key.text)): it is of another log")
            return nil
        }
        guard note.serialised == bytes else {
            found.record.add(.altered, place, "is not written as it must be")
            return nil
        }
        // The size is signed: no more entries than that are looked at.
        let held = checkpoint.size == proof.size ? try root(proof) : nil
        guard held?.root == checkpoint.root else {
            if held?.isWhole == false { found.record.add(.altered, ProofNames.entries, ProofVerifier.notPacked) }
            found.record.add(
                .altered, "log", "its entries and hashes do not give the root that the checkpoint has signed")
            return nil
        }
        return (note, checkpoint)
    }

    /// The root that entries and hashes give, and whether entries have their checksum. Holds one entry at a time.
    private func root(_ proof: LogProof) throws(StoreProblem) -> (root: Digest, isWhole: Bool) {
        guard let member = zip[ProofNames.entries] else { throw StoredZip.problem("has no file \(ProofNames.entries)") }
        guard member.size <= ProofVerifier.longestEntries else {
            throw StoreProblem(
                member.name, "has \(member.size) bytes, more than any proof has", "it is not as 'tap prove' wrote it")
        }
        var sum = CRC32()
        var walk = LogProof.Walk(proof)
        walk.pass()
        var left = proof.entryCount
        // From the length of an entry on that is not whole yet.
        var rest: [UInt8] = []
        try zip.pieces(of: member) { (piece) throws(StoreProblem) in
            sum.append(piece)
            rest += piece
            var place = 0
            while rest.count - place >= 2 {
                let end = place + 2 + (Int(rest[place]) << 8 | Int(rest[place + 1]))
                guard end <= rest.count else { break }
                guard left > 0 else { throw ProofVerifier.malformed }
                left -= 1
                walk.take(.leaf(Array(rest[(place + 2)..<end])))
                walk.pass()
                place = end
            }
            rest.removeFirst(place)
        }
        guard left == 0, rest.isEmpty else { throw ProofVerifier.malformed }
        return (walk.tree.root, sum.value == member.crc)
    }

    static let notPacked = "is not what its ZIP was packed with"

    /// What is said where the key has not signed it.
    mutating func refused() throws(StoreProblem) -> ProofVerification {
        found.record.provenance = "unknown"
        // Entries may be a little that stands for much.
        for member in zip.members where !member.isDeflated {
            guard try !zip.hasItsChecksum(member) else { continue }
            found.record.add(.altered, member.name, ProofVerifier.notPacked)
        }
        found.record.remarks.append(
            "nothing else of it was looked at: entries that do not follow from a checkpoint which the key has signed prove nothing"
        )
        found.isBroken = true
        return found
    }
}
