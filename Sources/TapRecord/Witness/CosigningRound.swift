public import TapCore

/// Has the newest checkpoint of a store cosigned by a witness (C2SP tlog-witness). Reads the store as everybody can, and writes only
/// below `checkpoints/`: a recorder may be writing, and waits for nothing.
public struct CosigningRound: Sendable {
    /// What a witness answered over HTTP.
    public struct Reply: Sendable {
        public var status: Int
        public var contentType: String
        public var body: [UInt8]

        public init(status: Int, contentType: String, body: [UInt8]) {
            (self.status, self.contentType, self.body) = (status, contentType, body)
        }
    }

    public enum Outcome: Sendable, Hashable {
        /// So many entries; by the witness's clock, seconds since 1970.
        case cosigned(size: UInt64, time_s: UInt64)
        /// It was cosigned before, and neither store nor witness has seen more since.
        case unchanged(size: UInt64, time_s: UInt64)
        /// The witness has seen more entries than the store has: the store was restored from a copy, or another gateway signs with
        /// its key.
        case behind(size: UInt64, seen: UInt64)
        /// The witness saw another log: the store's does not extend it.
        case forked(size: UInt64, old: UInt64)
        /// What came is no answer of this witness, or it does not cosign.
        case refused(String)
    }

    private let disk: any Disk
    private let path: String
    private let note: SignedNote
    public let checkpoint: Checkpoint

    /// How far clocks may be apart before it is said: a quarter of an hour.
    public static let farApart_s: UInt64 = 900

    /// - Throws: also where the store has no checkpoint.
    public init(_ store: RecordStore) throws(TapError) {
        do throws(StoreProblem) {
            try store.checkIsStore()
            try self.init(SystemDisk(store.path), store.path)
        } catch { throw error.error(in: store.path, writing: false) }
    }

    init(_ disk: any Disk, _ path: String) throws(StoreProblem) {
        (self.disk, self.path) = (disk, path)
        let note = try StoreProblem.log { () throws(LogProblem) in try CheckpointFile.read(on: disk) }
        guard let note, let checkpoint = try? Checkpoint(parsing: note.text) else {
            throw StoreProblem("checkpoint", "is not there", "check the path of the store")
        }
        (self.note, self.checkpoint) = (note, checkpoint)
    }

    /// The largest checkpoint that this witness cosigned, as far as the store has kept it.
    private func last(_ key: WitnessKey) -> (size: UInt64, time_s: UInt64)? {
        for size in CosignedNotes.sizes(on: disk) {
            guard let note = CosignedNotes.note(size, on: disk), let time = key.time(of: note) else { continue }
            return (size, time)
        }
        return nil
    }

    /// Blocks as long as `post` does, which is called twice at most.
    ///
    /// - Parameter post: sends a body to the witness's `add-checkpoint`.
    /// - Returns: also what else is to be said, and what is to be entered into the log.
    public func ask(
        _ key: WitnessKey, post: (_ body: [UInt8]) throws(TapError) -> Reply
    ) throws(TapError) -> (outcome: Outcome, remarks: [String], arrived: EnteredCosignature?) {
        let last = last(key)
        let (outcome, remarks) = try ask(key, last, post)
        // An entry of a cosignature needs no cosignature: there would be no end.
        guard case .cosigned = outcome, hasNews(since: last?.size ?? 0),
            let kept = CosignedNotes.note(checkpoint.size, on: disk),
            let line = kept.signatures.first(where: { $0.name == key.name && $0.id == key.id })
        else { return (outcome, remarks, nil) }
        return (outcome, remarks, EnteredCosignature(line, by: key, of: checkpoint))
    }

    /// Whether the checkpoint covers more, behind so many entries, than hand-overs and what arrived from outside.
    func hasNews(since size: UInt64) -> Bool {
        guard var reader = try? LogReader(on: disk) else { return false }
        reader.seek(to: size)
        while reader.index < checkpoint.size, let next = try? reader.next() {
            switch try? LogEntry(decoding: next.entry) {
            case .handOver: continue
            case .remark(let remark) where remark.isArrival: continue
            default: return true
            }
        }
        return false
    }

    private func ask(
        _ key: WitnessKey, _ last: (size: UInt64, time_s: UInt64)?, _ post: (_ body: [UInt8]) throws(TapError) -> Reply
    ) throws(TapError) -> (outcome: Outcome, remarks: [String]) {
        if let last, last.size > checkpoint.size { return (.behind(size: checkpoint.size, seen: last.size), []) }
        var old = last?.size ?? 0
        var remarks: [String] = []
        var reply = try post(try request(from: old))
        if reply.status == 409, let size = CosigningRound.size(reply) {
            guard size <= checkpoint.size else { return (.behind(size: checkpoint.size, seen: size), remarks) }
            guard size != old else { return (.refused("it asks for \(size) entries, which it was given"), remarks) }
            if size < old {
                remarks.append(
                    "it has cosigned \(old) entries and now says \(size): it lost its state, and what it cosigns says nothing of earlier"
                )
            }
            old = size
            reply = try post(try request(from: old))
        }
        return (try take(reply, key, last, old), remarks)
    }

    private func request(from old: UInt64) throws(TapError) -> [UInt8] {
        do throws(StoreProblem) {
            let proof = try StoreProblem.log { () throws(LogProblem) in
                try ConsistencyProof.make(from: old, to: checkpoint.size, on: disk)
            }
            return WitnessRequest(oldSize: old, proof: proof, note: note).body
        } catch { throw error.error(in: path, writing: false) }
    }

    private static func size(_ reply: Reply) -> UInt64? {
        guard reply.contentType == "text/x.tlog.size", reply.body.last == UInt8(ascii: "\n") else { return nil }
        let text = String(decoding: reply.body.dropLast(), as: UTF8.self)
        guard let size = UInt64(text), String(size) == text else { return nil }
        return size
    }

    private func take(
        _ reply: Reply, _ key: WitnessKey, _ last: (size: UInt64, time_s: UInt64)?, _ old: UInt64
    ) throws(TapError) -> Outcome {
        switch reply.status {
        case 200: break
        case 403: return .refused("it does not know the log's key, or holds the checkpoint for badly signed (403)")
        case 404: return .refused("it does not witness a log '\(printable(checkpoint.origin))' (404)")
        case 409: return .refused("it saw another checkpoint meanwhile (409): ask again")
        case 422: return .forked(size: checkpoint.size, old: old)
        case 300..<400: return .refused("it points to another address (\(reply.status)), which is not followed")
        default: return .refused("it answers with status \(reply.status)")
        }
        var own = note
        let text = String(decoding: reply.body, as: UTF8.self)
        guard String(validating: reply.body, as: UTF8.self) != nil, text.hasSuffix("\n") else {
            return .refused("what it sends are no lines of signatures")
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().prefix(16) {
            guard let signature = SignedNote.signature(String(line)) else {
                return .refused("what it sends are no lines of signatures")
            }
            if signature.name == key.name, signature.id == key.id { own.add(signature) }
        }
        guard own.signatures.count > note.signatures.count else {
            return .refused("it gives no cosignature by \(key.name)")
        }
        guard let time = key.time(of: own), let cosignature = own.signatures.last else {
            return .refused("its cosignature does not fit the checkpoint")
        }
        guard time >= last?.time_s ?? 0 else {
            return .refused("its cosignature is older than one of fewer entries: its time goes back")
        }
        if let last, last.size == checkpoint.size { return .unchanged(size: last.size, time_s: last.time_s) }
        do throws(DiskError) {
            try CosignedNotes.add(cosignature, by: key, to: note, size: checkpoint.size, on: disk)
        } catch { throw StoreProblem(error).error(in: path, writing: true) }
        return .cosigned(size: checkpoint.size, time_s: time)
    }
}
