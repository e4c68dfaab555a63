import TapCore

/// Looks at every byte of a proof but those of copies.
struct ProofVerifier {
    let zip: StoredZip
    let key: VerifierKey
    private let seen: [Checkpoint]
    private let policy: WitnessPolicy?
    private let stamps: StampAuthorities?
    var found = ProofVerification()
    /// Of files that were not looked at.
    var names: Set<String>

    typealias Entries = [(index: UInt64, bytes: [UInt8])]

    init(
        _ zip: StoredZip, key: VerifierKey, seen: [Checkpoint], policy: WitnessPolicy? = nil,
        stamps: StampAuthorities? = nil
    ) {
        (self.zip, self.key, self.policy, self.stamps) = (zip, key, policy, stamps)
        self.seen = seen.filter { $0.origin == key.name }
        names = Set(zip.members.map(\.name))
        for other in Set(seen.map(\.origin)).subtracting([key.name]).sorted() {
            found.record.remarks.append(NotedCheckpoint.foreign(other, key))
        }
    }

    /// - Parameter beside: called where the key has signed the log, before what rests on it is looked at.
    mutating func run(beside: () -> Void) throws(StoreProblem) -> ProofVerification {
        let proof: LogProof
        let entries: Entries
        let contents: ProofContents
        let signed: (note: SignedNote, checkpoint: Checkpoint)
        do throws(StoreProblem) {
            proof = try ProofVerifier.proof(of: zip)
            guard let isSigned = try signedLog(proof) else { return try refused() }
            signed = isSigned
            entries = try ProofVerifier.entries(of: zip, proof)
            contents = try ProofContents(entries)
        } catch {
            if error.isNewer || error.disk != nil || error.subject.isEmpty { throw error }
            found.record.add(.altered, error.subject, error.what)
            found.isBroken = true
            return found
        }
        beside()
        found.record.size = UInt64(entries.count)
        (found.record.origin, found.record.provenance) = (contents.origin, contents.provenance)
        if let first = contents.chunks.first?.index, let last = contents.chunks.last?.index {
            found.range = first...last
        }
        for member in zip.members where try !zip.isWhole(member) {
            found.record.add(.altered, member.name, ProofVerifier.notPacked)
        }
        check(signed, proof, entries, contents)
        checkSpans(contents)
        for number in contents.segments.keys.sorted() { try check(contents.segments[number]!, contents) }
        try checkDerived(contents, entries, proof, signed.note)
        try checkAnswers(contents, entries)
        for name in ProofNames.copies { names.remove(name) }
        found.uncovered = ProofNames.uncovered.filter { names.remove($0) != nil }
        for name in names.sorted() { found.record.add(.extra, name, "is no file of a proof") }
        return found
    }

    // The log

    private mutating func check(
        _ signed: (note: SignedNote, checkpoint: Checkpoint), _ proof: LogProof, _ entries: Entries,
        _ contents: ProofContents
    ) {
        for name in [ProofNames.checkpoint, ProofNames.proof, ProofNames.entries] { names.remove(name) }
        let (note, checkpoint) = signed
        let roots = roots(proof, entries, contents, checkpoint)
        let isSigned = checkSignatures(note, contents)
        checkHandOvers(contents, roots)
        checkTimes(entries, roots, note, checkpoint)
        let initial = contents.initial
        if initial.logKey != key.text {
            found.record.add(
                .unproven, "entry 0", "names the log key \(printable(initial.logKey)), not the one that was given")
        }
        if isSigned {
            found.record.checkpoint = checkpoint
            take(cosignaturesOf: note, checkpoint)
        }
        compareSeen(roots, checkpoint)
    }

    /// By size: of those that are compared.
    private func roots(
        _ proof: LogProof, _ entries: Entries, _ contents: ProofContents, _ checkpoint: Checkpoint
    ) -> [UInt64: Digest] {
        var wanted = Set(seen.map(\.size) + contents.handOvers.map(\.index))
        wanted.formUnion(contents.cosignatures.map(\.cosignature.size) + contents.timeStamps.map(\.stamp.size))
        wanted.formUnion([checkpoint.size, proof.size])
        var roots: [UInt64: Digest] = [:]
        proof.fold(entries.map { Digest.leaf($0.bytes) }) { tree, _ in
            if wanted.contains(tree.size) { roots[tree.size] = tree.root }
        }
        return roots
    }

    /// Whether it is signed by the key of the last epoch, too.
    private mutating func checkSignatures(_ note: SignedNote, _ contents: ProofContents) -> Bool {
        let place = ProofNames.checkpoint
        guard let last = contents.handOvers.last?.entry, let epoch = VerifierKey(last.key), note.isSigned(by: epoch),
            epoch.name == HandOverText.keyName(key.name, epoch: last.epoch)
        else {
            found.record.add(
                .unproven, place, "is not signed by the key of epoch \(contents.handOvers.last?.entry.epoch ?? 0)")
            return false
        }
        let witnesses = policy?.witnesses.map(\.key) ?? []
        for other in note.signatures(notBy: [key, epoch])
        where !witnesses.contains(where: { $0.name == other.name && $0.id == other.id }) {
            found.record.remarks.append(
                "the checkpoint has a signature by '\(printable(other.name))', which proves nothing without a policy that names it (--policy)"
            )
        }
        for witness in policy?.misfits(of: note) ?? [] {
            found.record.add(.unproven, place, WitnessPolicy.misfit(witness))
        }
        return true
    }

    private mutating func take(cosignaturesOf note: SignedNote, _ checkpoint: Checkpoint) {
        guard let policy else { return }
        let cosigners = policy.cosigners(of: note)
        let found = cosigners.isEmpty ? nil : (size: checkpoint.size, cosigners: cosigners)
        let isMet = policy.isMet(by: cosigners)
        self.found.record.take(policy, isMet ? found : nil, isMet ? nil : found)
    }

    /// What clocks of witnesses and authorities say, beside the gateway's own.
    private mutating func checkTimes(
        _ entries: Entries, _ roots: [UInt64: Digest], _ note: SignedNote, _ checkpoint: Checkpoint
    ) {
        var outside = OutsideClock(policy, isPart: true)
        var stamped = OutsideClock(stampedBy: stamps, isPart: true)
        var problems: [OutsideClock.Problem] = []
        for (index, bytes) in entries {
            guard let entry = try? LogEntry(decoding: bytes) else { continue }
            problems += outside.take(entry, at: index) { roots[$0] } + stamped.take(entry, at: index) { roots[$0] }
        }
        if let policy, roots[checkpoint.size] == checkpoint.root {
            problems += outside.cover(policy.cosigners(of: note), size: checkpoint.size)
        }
        for (kind, index, what) in problems { found.record.add(kind, "entry \(index)", what) }
        found.record.outside = outside.sessions
        found.record.take(stamped)
    }

    /// That each says of the log before it what it was, and is signed by a key that the proof knows, where it does.
    private mutating func checkHandOvers(_ contents: ProofContents, _ roots: [UInt64: Digest]) {
        // Where another key was given, that is said once and not of each.
        let key = VerifierKey(contents.initial.logKey) ?? key
        var before: HandOverEntry?
        for (index, entry) in contents.handOvers {
            defer { before = entry }
            if entry.size != index || roots[index].map({ $0.bytes != entry.root }) ?? true {
                found.record.add(.altered, "entry \(index)", "states another log than that of the entries before it")
            }
            var signer: VerifierKey?
            switch entry.by {
            case .logKey: signer = key
            case .epochKey: if before?.epoch == entry.epoch &- 1 { signer = before.flatMap { VerifierKey($0.key) } }
            case .recoveryKey:
                if before?.epoch == entry.epoch &- 1 { signer = before.flatMap { VerifierKey($0.recoveryKey) } }
            }
            guard entry.epoch != 1 || entry.by == .logKey, entry.epoch == 1 || entry.by != .logKey, entry.epoch > 0
            else {
                found.record.add(.unproven, "entry \(index)", "is not signed by the key that may do so")
                continue
            }
            // Without the hand-over before it nothing is known of its signer.
            guard let signer else { continue }
            if let text = entry.text(origin: key.name), signer.verifies(entry.signature, of: text.bytes) { continue }
            found.record.add(
                .unproven, "entry \(index)",
                "the hand-over to epoch \(entry.epoch) is not signed by the key that may do so")
        }
        found.record.epochs = before?.epoch ?? 0
    }

    private mutating func compareSeen(_ roots: [UInt64: Digest], _ checkpoint: Checkpoint) {
        for other in seen {
            guard other.size <= checkpoint.size else {
                found.record.remarks.append(
                    "a checkpoint noted elsewhere covers \(other.size) entries, and the proof's \(checkpoint.size): it says nothing here"
                )
                continue
            }
            guard let root = roots[other.size] else {
                found.record.remarks.append(
                    "the proof has no hashes for a checkpoint of \(other.size) entries that was noted elsewhere: make it again with 'tap prove --seen'"
                )
                continue
            }
            if root == other.root {
                found.record.witnessed = max(found.record.witnessed, other.size)
            } else {
                found.record.add(
                    .forked, "log up to entry \(other.size)", NotedCheckpoint.forked(other.root, is: root))
            }
        }
    }

    // Chunks

    /// Spans of a source abut.
    private mutating func checkSpans(_ contents: ProofContents) {
        var ends: [[UInt64]: UInt64] = [:]
        for (index, chunk) in contents.chunks {
            let source = [chunk.session, UInt64(chunk.source)]
            if let end = ends[source], end != chunk.from.nanoseconds {
                found.record.add(
                    .unknown, "entry \(index)",
                    "the span does not begin where the one before ended: nothing is known between \(end) and \(chunk.from.nanoseconds)",
                    span(chunk, contents))
            }
            ends[source] = chunk.to.nanoseconds
            let span = span(chunk, contents)
            let place = found.spans.firstIndex { $0.session == span.session && $0.source == span.source }
            if let place {
                (found.spans[place].to, found.spans[place].utcTo) = (span.to, span.utcTo)
            } else {
                found.spans.append(span)
            }
        }
        found.record.sessions = contents.starts.compactMap { start in
            let chunks = contents.chunks.map(\.entry).filter { $0.session == start.session }
            guard !chunks.isEmpty else { return nil }
            var session = Verification.Session(
                number: start.session, utcStart: start.utc_ns, version: printable(start.version),
                provenance: start.sources.map { printable($0.provenance) })
            for chunk in chunks {
                session.edges += chunk.edges
                session.scans += chunk.scans
                session.events += chunk.events
                session.notesLost &+= chunk.notesLost
            }
            session.chunks = UInt64(chunks.count)
            return session
        }
    }

    private func span(_ chunk: ChunkEntry, _ contents: ProofContents) -> Verification.Span {
        let start = contents.starts.first { $0.session == chunk.session }
        return Verification.Span(
            session: chunk.session, source: printable(contents.table(chunk).name), from: chunk.from, to: chunk.to,
            utcFrom: start?.utc(chunk.from, of: Int(chunk.source)), utcTo: start?.utc(chunk.to, of: Int(chunk.source)))
    }

    private mutating func check(_ segment: ProofSegment, _ contents: ProofContents) throws(StoreProblem) {
        let path = segment.path
        found.record.segments += 1
        guard names.remove(path) != nil, let member = zip[path] else {
            found.record.add(.missing, path, "is not in the proof")
            return
        }
        guard member.size == segment.length else {
            found.record.add(.altered, path, "has \(member.size) bytes, not \(segment.length)")
            return
        }
        var place: UInt64 = 0
        func bytes(_ length: UInt64) throws(StoreProblem) -> [UInt8] {
            defer { place += length }
            let offset = member.begin + place
            return try StoreProblem.catching { () throws(DiskError) in try zip.file.read(at: offset, count: Int(length))
            }
        }
        if Digest.of(try bytes(segment.entry.length)).bytes != segment.entry.sha256 {
            found.record.add(.altered, "\(path), bytes 0 to \(place)", "the head is not what was recorded")
        }
        for chunk in segment.chunks {
            let begin = place
            guard Digest.of(try bytes(chunk.length)).bytes == chunk.sha256 else {
                found.record.add(
                    .altered, "\(path), bytes \(begin) to \(place)", "records are not what was recorded",
                    span(chunk, contents))
                continue
            }
        }
        if try bytes(UInt64(MCAP.ending.count)) != MCAP.ending {
            found.record.add(
                .altered, "\(path), bytes \(segment.length - UInt64(MCAP.ending.count)) to \(segment.length)",
                "are not the end of a segment in a proof")
        }
        found.record.bytes += segment.length
    }

    // What follows from both

    /// Each answer is made again from the chunks. What is behind # is not looked at.
    private mutating func checkAnswers(_ contents: ProofContents, _ entries: Entries) throws(StoreProblem) {
        let name = ProofNames.answers
        guard names.remove(name) != nil, let member = zip[name] else { return }
        func altered(_ number: Int, _ what: String) {
            found.record.add(.altered, name, "line \(number) is not what the chunks give: \(what)")
        }
        guard member.size <= PartAnswer.longestFile else {
            found.record.add(.altered, name, "is longer than answers can be")
            return
        }
        let bytes = try zip.contents(name, atMost: PartAnswer.longestFile)
        let disk = ProofFile.disk(zip, entries, contents)
        let sessions = contents.sessions(disk)
        guard let text = String(validating: bytes, as: UTF8.self), text.utf8.last == UInt8(ascii: "\n") else {
            found.record.add(.altered, name, "is no text of lines")
            return
        }
        var count = 0
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        for (place, line) in lines.enumerated() where line.first != UInt8(ascii: "#") {
            let line = Substring(line)
            if place == 0, line == DerivedFiles.provenance(contents) { continue }
            count += 1
            guard count <= PartAnswer.most, let asked = PartAnswer(parsing: line) else {
                altered(place + 1, "it is no answer to a question")
                return
            }
            let answer = asked.text(contents, disk, sessions)
            if line != answer { altered(place + 1, "they give '\(answer)'") }
        }
    }

    private mutating func checkDerived(
        _ contents: ProofContents, _ entries: Entries, _ proof: LogProof, _ note: SignedNote
    ) throws(StoreProblem) {
        let sessions = contents.sessions(ProofFile.disk(zip, entries, contents))
        // Where another key was given, that is said once and not of each file.
        let key = VerifierKey(contents.initial.logKey) ?? key
        let derived = DerivedFiles(
            contents, entries: entries, proof: proof, note: note, key: key, sessions: sessions)
        try checkSite(sessions)
        for (name, bytes) in derived.files {
            guard names.remove(name) != nil, let member = zip[name] else {
                found.record.add(.missing, name, "is not in the proof")
                continue
            }
            guard member.size == UInt64(bytes.count), try zip.contents(name, atMost: member.size) == bytes else {
                found.record.add(.altered, name, "is not what entries and chunks give")
                continue
            }
        }
    }
}
