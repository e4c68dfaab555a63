import Crypto
import TapCore

/// Looks at every byte of a store. Constant memory; blocks as long as the medium does.
///
/// Order of the walk: each entry in turn, with the bytes that it covers; then what no entry covers.
struct StoreVerifier {
    let disk: any Disk
    let key: VerifierKey
    var seen: [Checkpoint]
    var result = Verification()
    var state = StoreState()
    private var note: SignedNote?
    var stated: Checkpoint?
    /// Files of segments that are open, by number.
    var files: [UInt64: any DiskFile] = [:]
    var missing: Set<UInt64> = []
    /// Dropped ones too: a cut can leave their files.
    var known: Set<UInt64> = []
    private var tables: [SourceTable] = []
    /// Where each source's last span ended when the newest checkpoint was signed.
    var signedEnds: [UInt64?] = []

    /// nil: records are not read.
    private var facts: FactsChecker?
    private let policy: WitnessPolicy?
    private var outside: OutsideClock
    private var stamped: OutsideClock

    /// - Parameters:
    ///   - policy: whose cosignatures count.
    ///   - stamps: whose time stamps count.
    ///   - readsRecords: compares what entries say of their chunks with the records.
    init(
        _ disk: any Disk, key: VerifierKey, seen: [Checkpoint], policy: WitnessPolicy? = nil,
        stamps: StampAuthorities? = nil, readsRecords: Bool = false
    ) {
        self.disk = disk
        self.policy = policy
        outside = OutsideClock(policy, isPart: false)
        stamped = OutsideClock(stampedBy: stamps, isPart: false)
        facts = readsRecords ? FactsChecker() : nil
        self.key = key
        self.seen = seen.filter { $0.origin == key.name }.sorted { $0.size < $1.size }
        for other in Set(seen.map(\.origin)).subtracting([key.name]).sorted() {
            result.remarks.append(NotedCheckpoint.foreign(other, key))
        }
    }

    /// Looks at the log alone, and gives each entry to `body`.
    mutating func runOnLog(_ body: (LogEntry) -> Void) throws(StoreProblem) -> Verification {
        isOnLogOnly = true
        _ = readCheckpoint()
        try walk(body)
        result.size = state.tree.size
        if let stated, stated.size > result.size { add(lostEndOf: stated) }
        return result
    }

    private var isOnLogOnly = false
    var kept: KeptVerifier?
    /// Of `edge`, behind the last entry.
    var tornBytes: UInt64 = 0

    private mutating func walk(_ body: (LogEntry) -> Void) throws(StoreProblem) {
        var reader: LogVerifier
        do throws(LogProblem) { reader = try LogVerifier(on: disk) } catch {
            result.add(
                error.isUnreadable ? .unreadable : error.what == .missing ? .missing : .altered, error.file, "\(error)")
            return
        }
        do throws(StoreProblem) {
            while let next = try StoreProblem.log({ () throws(LogProblem) in try reader.next() }) {
                body(try take(next.entry))
            }
        } catch {
            if error.isNewer, !differsFromCheckpoint(reader) { throw error }
            result.add(
                error.disk == nil ? .altered : .unreadable, error.subject,
                "\(error.what); what follows in the log is unproven")
        }
        tornBytes = (try? reader.bytesBehind()) ?? 0
        if state.initial == nil { result.add(.missing, "log", "has no entry that says what it is") }
        do throws(LogProblem) { try reader.checkNames() } catch { result.add(.unreadable, error.file, "\(error)") }
        for problem in reader.problems {
            result.add(problem.isUnreadable ? .unreadable : .altered, problem.file, "\(problem)")
        }
    }

    /// Whether a log that names a newer format is not the one that was signed, so that the format is no fact either.
    private func differsFromCheckpoint(_ reader: LogVerifier) -> Bool {
        guard let stated else { return false }
        var reader = reader
        while reader.tree.size < stated.size, (try? reader.next()) != nil {}
        return reader.tree.size == stated.size && reader.tree.root != stated.root
    }

    mutating func add(lostEndOf checkpoint: Checkpoint) {
        result.add(
            .missing, "log",
            "has \(result.size) entries, and its checkpoint covers \(checkpoint.size): the end of the log is lost or was cut off"
        )
    }

    /// - Parameter isRecording: a recorder has the store open.
    mutating func run(isRecording: Bool) throws(StoreProblem) -> Verification {
        let places = readCheckpoint()
        if !isRecording, places.isTorn {
            result.add(
                .unproven, CheckpointFile.path,
                "one of its two places holds no whole checkpoint: a cut while it was written, or altered")
        }
        kept = KeptVerifier(on: disk, key: key, older: places.older, policy: policy)
        for (path, what) in kept?.broken ?? [] { result.add(.altered, path, what) }
        try walk { _ in }
        if let policy { result.take(policy, kept?.cosigned, kept?.halfCosigned) }
        result.outside = outside.sessions
        result.take(stamped)
        conclude(isRecording: isRecording)
        return result
    }

    // Checkpoints

    private mutating func readCheckpoint() -> CheckpointFile.Places {
        var places = CheckpointFile.Places()
        do throws(LogProblem) {
            guard let found = try CheckpointFile.places(on: disk) else {
                result.add(.missing, CheckpointFile.path, "there is no checkpoint: nothing is proven")
                return places
            }
            places = found
        } catch {
            result.add(.unproven, CheckpointFile.path, "\(error)")
            return places
        }
        if let newest = places.newest { take(newest) }
        return places
    }

    private mutating func take(_ note: SignedNote) {
        self.note = note
        guard let checkpoint = try? Checkpoint(parsing: note.text) else {
            result.add(.unproven, CheckpointFile.path, "is no checkpoint")
            return
        }
        guard note.isSigned(by: key) else {
            let wrong = note.signatures.contains { $0.name == key.name && $0.id == key.id }
            result.add(
                .unproven, CheckpointFile.path,
                wrong
                    ? "the signature of \(key.name) does not fit: it was altered"
                    : "is not signed by the key that was given (\(key.text)): it is of another log")
            return
        }
        guard checkpoint.origin == key.name else {
            result.add(
                .unproven, CheckpointFile.path, "is of origin '\(checkpoint.origin)', and the key of '\(key.name)'")
            return
        }
        stated = checkpoint
    }

    /// After each entry: what is said of a tree of this size.
    private mutating func compare() {
        for (path, what) in kept?.compare(state) ?? [] { result.add(.altered, path, what) }
        if let (size, cosigners) = kept?.newest { add(outside.cover(cosigners, size: size)) }
        let size = state.tree.size
        while let next = seen.first, next.size <= size {
            seen.removeFirst()
            guard next.size == size else { continue }
            if next.root == state.tree.root {
                result.witnessed = size
            } else {
                result.add(
                    .forked, "log up to entry \(size)", NotedCheckpoint.forked(next.root, is: state.tree.root))
            }
        }
        guard let checkpoint = stated, checkpoint.size == size else { return }
        guard checkpoint.root == state.tree.root else {
            result.add(.altered, "log up to entry \(size)", "is not what its checkpoint says")
            return
        }
        guard let text = state.handOver?.key, let epoch = VerifierKey(text), let note, note.isSigned(by: epoch) else {
            result.add(
                .unproven, CheckpointFile.path, "is not signed by the key of epoch \(state.handOver?.epoch ?? 0)")
            return
        }
        for other in note.signatures(notBy: [key, epoch]) {
            result.remarks.append(
                "the checkpoint has a signature by '\(printable(other.name))', which proves nothing here")
        }
        result.checkpoint = checkpoint
        signedEnds = state.spanEnds
    }

    // Entries

    private mutating func take(_ bytes: [UInt8]) throws(StoreProblem) -> LogEntry {
        let before = (handOver: state.handOver, open: state.open, ends: state.spanEnds)
        let entry = try state.take(bytes)
        let index = state.tree.size - 1
        switch entry {
        case .initial(let entry):
            (result.origin, result.provenance) = (printable(entry.origin), printable(entry.provenance))
            if entry.logKey != key.text {
                result.add(
                    .unproven, "entry 0", "names the log key \(printable(entry.logKey)), not the one that was given")
            }
        case .handOver(let entry): take(entry, after: before.handOver, at: index)
        case .start(let entry): take(entry)
        case .segment(let entry): take(entry)
        case .chunk(let entry): take(entry, after: before.ends)
        case .seal(let entry): take(entry, of: before.open[entry.segment]?.entry)
        case .drop(let entry): take(entry)
        case .stop(let entry):
            if let last = result.sessions.indices.last {
                result.sessions[last].end = printable(entry.why)
                result.sessions[last].utcEnd = entry.utc_ns
            }
        case .cut(let entry):
            let place = entry.segment == 0 && entry.offset == 0 ? "log" : SegmentWriter.path(entry.segment)
            result.remarks.append(
                "\(place): \(entry.bytes) bytes after the last whole chunk were cut off: \(printable(entry.why))")
            if entry.isGivenUp { files[entry.segment] = nil }
        case .pause(let entry): take(entry)
        case .outage(let entry): result.remarks.append(StoreVerifier.words(entry))
        case .remark, .pin, .unpin, .change: break
        }
        if !isOnLogOnly {
            let disk = disk
            let root = { (size: UInt64) in try? ConsistencyProof.root(of: size, on: disk) }
            add(outside.take(entry, at: index, root: root) + stamped.take(entry, at: index, root: root))
        }
        compare()
        return entry
    }

    private mutating func add(_ problems: [OutsideClock.Problem]) {
        for (kind, index, what) in problems { result.add(kind, "entry \(index)", what) }
    }

    private mutating func take(_ entry: HandOverEntry, after last: HandOverEntry?, at index: UInt64) {
        let signer: VerifierKey? =
            switch entry.by {
            case .logKey: last == nil ? key : nil
            case .epochKey: last.flatMap { VerifierKey($0.key) }
            case .recoveryKey: last.flatMap { VerifierKey($0.recoveryKey) }
            }
        let text = entry.text(origin: key.name)
        if let signer, let text, signer.verifies(entry.signature, of: text.bytes) {
            result.sealed = index
        } else {
            result.add(
                .unproven, "entry \(index)",
                "the hand-over to epoch \(entry.epoch) is not signed by the key that may do so")
        }
        result.epochs = entry.epoch
    }

    private mutating func take(_ entry: StartEntry) {
        if let last = result.sessions.indices.last, result.sessions[last].end == nil {
            result.sessions[last].end = "cut"
        }
        tables = entry.sources
        result.sessions.append(
            Verification.Session(
                number: entry.session, utcStart: entry.utc_ns, version: printable(entry.version),
                provenance: entry.sources.map { printable($0.provenance) }))
        start = entry
        facts?.begin(entry)
    }

    private var start = StartEntry()

    private mutating func take(_ entry: SegmentEntry) {
        result.segments += 1
        known.insert(entry.number)
        if isOnLogOnly { return }
        let path = SegmentWriter.path(entry.number)
        do throws(DiskError) { files[entry.number] = try disk.openToRead(path) } catch {
            if error.errno == .notFound {
                missing.insert(entry.number)
            } else {
                result.add(.unreadable, path, StoreProblem(error).what)
            }
            return
        }
        check(entry.number, 0, entry.length, entry.sha256, "the head", nil)
    }

    private mutating func take(_ entry: ChunkEntry, after ends: [UInt64?]) {
        let source = Int(entry.source)
        let span = span(of: entry)
        let index = state.tree.size - 1
        if source < ends.count, let end = ends[source], end != entry.from.nanoseconds {
            result.add(
                .unknown, "entry \(index)",
                "the span does not begin where the one before ended: nothing is known between \(end) and \(entry.from.nanoseconds)",
                span)
        }
        if let last = result.sessions.indices.last {
            result.sessions[last].edges += entry.edges
            result.sessions[last].scans += entry.scans
            result.sessions[last].events += entry.events
            result.sessions[last].chunks += 1
            result.sessions[last].notesLost &+= entry.notesLost
        }
        let isWhole = check(entry.segment, entry.offset, entry.length, entry.sha256, "records", span)
        if facts != nil { compareFacts(entry, isWhole ? files[entry.segment] : nil, span) }
    }

    /// - Parameter file: nil: its bytes are not there, or not those that were written.
    private mutating func compareFacts(_ entry: ChunkEntry, _ file: (any DiskFile)?, _ span: Verification.Span) {
        let place = "entry \(state.tree.size - 1)"
        do throws(StoreProblem) {
            let bytes: [UInt8]? = if let file { try StoredChunk.bytes(entry, file) } else { nil }
            if let what = try facts?.check(entry, bytes) { result.add(.contradiction, place, what, span) }
        } catch { result.add(.unreadable, place, "\(error.subject) \(error.what)", span) }
    }

    private func span(of entry: ChunkEntry) -> Verification.Span {
        let table = Int(entry.source) < tables.count ? tables[Int(entry.source)] : SourceTable()
        return Verification.Span(
            session: entry.session, source: printable(table.name), from: entry.from, to: entry.to,
            utcFrom: start.utc(entry.from, of: Int(entry.source)), utcTo: start.utc(entry.to, of: Int(entry.source)))
    }

    private mutating func take(_ entry: SealEntry, of segment: SegmentEntry?) {
        check(entry.segment, entry.offset, entry.length, entry.sha256, "the end", nil)
        guard let file = files.removeValue(forKey: entry.segment) else { return }
        let size = (try? file.size()) ?? 0
        if size != entry.offset + entry.length {
            result.add(
                .altered, SegmentWriter.path(entry.segment), "has \(size) bytes, not \(entry.offset + entry.length)")
        }
    }

    private mutating func take(_ entry: DropEntry) {
        for number in entry.first...max(entry.first, min(entry.last, entry.first + 1_000_000)) {
            result.dropped += 1
            missing.remove(number)
        }
    }

    /// Compares the digest of a range of a segment.
    ///
    /// - Returns: whether it is as it was written.
    @discardableResult
    private mutating func check(
        _ segment: UInt64, _ offset: UInt64, _ length: UInt64, _ digest: [UInt8], _ what: String,
        _ span: Verification.Span?
    ) -> Bool {
        guard let file = files[segment] else { return false }
        let path = "\(SegmentWriter.path(segment)), bytes \(offset) to \(offset &+ length)"
        var hash = SHA256()
        var done: UInt64 = 0
        do throws(DiskError) {
            while done < length {
                let piece = try file.read(at: offset + done, count: Int(min(1 << 20, length - done)))
                guard !piece.isEmpty else { break }
                hash.update(data: piece)
                done += UInt64(piece.count)
            }
        } catch {
            result.add(.unreadable, path, StoreProblem(error).what, span)
            return false
        }
        result.bytes += done
        if done < length {
            result.add(.missing, path, "\(what): the file ends at byte \(offset + done)", span)
        } else if Array(hash.finalize()) != digest {
            result.add(.altered, path, "\(what) are not what was recorded", span)
        } else {
            return true
        }
        return false
    }
}
