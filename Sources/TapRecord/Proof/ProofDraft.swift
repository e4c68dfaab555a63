public import TapCore

/// A proof of a span of a store before it is written: what goes into it.
public struct ProofDraft: Sendable {
    let disk: any Disk
    let path: String
    let key: VerifierKey
    let note: SignedNote
    let proof: LogProof
    let contents: ProofContents
    let derived: DerivedFiles
    private let entries: [(index: UInt64, bytes: [UInt8])]
    /// Of the chunks in it, by the clock fixes or since the start.
    public let span: String

    /// What a person or program may find useful, and nothing covers.
    public struct Extras: Sendable {
        /// Answers of the chunks in it, and behind `#` what 'tap complete' said on the store, with provenance.
        public var answers = ""
        /// What 'tap incident show' says of the incident that it is of.
        public var incident = ""
        /// The site file by whose rules it is one.
        public var site: [UInt8] = []
        /// Of lines that copies are of; empty: all.
        public var lines: [String] = []
        /// Paths of files that are copies of the chunks, by their name in a proof: `ProofDraft.table` and so on.
        public var copies: [String: String] = [:]

        public init() {}
    }

    /// Names of copies.
    public static let table = ProofNames.table
    public static let comtrade = ProofNames.comtrade

    init(
        _ disk: any Disk, _ path: String, key: VerifierKey, from: AskedTime, to: AskedTime, seen: [Checkpoint],
        span: String
    ) throws(StoreProblem) {
        let plan = try ProofPlan(disk, key: key, from: from, to: to, seen: seen)
        let chunks = try ProofDraft.entries(disk, [plan.range])
        var segments: Set<UInt64> = []
        for (_, bytes) in chunks {
            if case .chunk(let chunk)? = try? LogEntry(decoding: bytes) { segments.insert(chunk.segment) }
        }
        let ranges = plan.ranges(segments)
        entries = try ProofDraft.entries(disk, ranges)
        contents = try ProofContents(entries)
        proof = try StoreProblem.log { () throws(LogProblem) in
            try LogProof(of: ranges, cuts: plan.cuts, size: plan.checkpoint.size, on: disk)
        }
        (self.disk, self.path, self.key, note, self.span) = (disk, path, key, plan.note, span)
        derived = DerivedFiles(
            contents, entries: entries, proof: proof, note: note, key: key,
            sessions: contents.sessions(
                PartDisk(entries.map(\.bytes)) { (path) throws(DiskError) in
                    try disk.openToRead(path)
                }))
    }

    private static func entries(
        _ disk: any Disk, _ ranges: [Range<UInt64>]
    ) throws(StoreProblem) -> [(index: UInt64, bytes: [UInt8])] {
        try StoreProblem.log { () throws(LogProblem) in
            var reader = try LogReader(on: disk)
            var entries: [(index: UInt64, bytes: [UInt8])] = []
            for range in ranges {
                reader.seek(to: range.lowerBound)
                while reader.index < range.upperBound, let next = try reader.next() {
                    entries.append((next.index, next.entry))
                }
            }
            return entries
        }
    }

    /// Its entries, and segments of the store.
    var parts: PartDisk {
        let disk = disk
        return PartDisk(entries.map(\.bytes)) { (path) throws(DiskError) in try disk.openToRead(path) }
    }

    /// Reads what the proof holds as a capture.
    ///
    /// - Parameter wanted: names of lines and the like: others need not be given; empty: all are.
    public func reader(wanted: Set<String> = []) throws(TapError) -> StoreReader {
        try StoreReader(parts, path, wanted: wanted, isPart: true)
    }

    public var provenance: String { DerivedFiles.provenance(contents) }
    /// Of those that its chunks are of.
    public var firstSession: UInt64 { contents.chunks.first?.entry.session ?? 0 }
    public var entryCount: Int { entries.count }
    public var chunkCount: Int { contents.chunks.count }

    /// Writes the proof: same store, span and extras, same bytes.
    ///
    /// - Throws: also where a chunk is not there, or not what the log says.
    public func write(to output: any ByteOutput, _ extras: Extras) throws(TapError) {
        var zip = StoredZipWriter(output)
        try zip.add(ProofNames.readme, Array(ProofReadme(self, extras).text.utf8))
        try zip.add(ProofNames.checkpoint, note.serialised)
        let steps = Array(proof.text.utf8)
        guard steps.count <= LogProof.longest else {
            throw TapError(
                .usage, output.name, "would have more than \(LogProof.longest) bytes of hashes",
                remedy: "give fewer checkpoints with --seen")
        }
        try zip.add(ProofNames.proof, steps)
        var all: [UInt8] = []
        for (_, bytes) in entries {
            all += [UInt8(truncatingIfNeeded: bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count)] + bytes
        }
        try zip.add(ProofNames.entries, all)
        for number in contents.segments.keys.sorted() { try add(contents.segments[number]!, to: &zip) }
        for (name, bytes) in derived.files { try zip.add(name, bytes) }
        if !extras.answers.isEmpty { try zip.add(ProofNames.answers, Array(extras.answers.utf8)) }
        if !extras.incident.isEmpty { try zip.add(ProofNames.incident, Array(extras.incident.utf8)) }
        if !extras.site.isEmpty { try zip.add(ProofNames.site, extras.site) }
        if !extras.lines.isEmpty, !extras.copies.isEmpty {
            try zip.add(ProofNames.selection, Array(extras.lines.map { $0 + "\n" }.joined().utf8))
        }
        for name in ProofNames.copies {
            guard let path = extras.copies[name] else { continue }
            try zip.add(name) { (take) throws(TapError) in try ProofDraft.copy(path, name, contents, take) }
        }
        try zip.add(ProofNames.reader, Array(ProofTexts.reader.utf8))
        for (name, text) in Swift.zip(ProofNames.specification, ProofTexts.specification) {
            try zip.add(name, Array(text.utf8))
        }
        try zip.finish()
    }

    private func add(_ segment: ProofSegment, to zip: inout StoredZipWriter) throws(TapError) {
        do throws(StoreProblem) {
            let file = try StoreProblem.catching { () throws(DiskError) in try disk.openToRead(segment.path) }
            let head = try StoreProblem.catching { () throws(DiskError) in
                try file.read(at: 0, count: Int(segment.entry.length))
            }
            guard Digest.of(head).bytes == segment.entry.sha256 else {
                throw StoreProblem(
                    "\(segment.path), its head", "was altered", "'tap verify' shows what of the store holds")
            }
            for chunk in segment.chunks { _ = try StoredChunk.bytes(chunk, file) }
        } catch { throw error.error(in: path, writing: false) }
        try zip.add(segment.path) { (take) throws(TapError) in
            do throws(StoreProblem) {
                let file = try StoreProblem.catching { () throws(DiskError) in try disk.openToRead(segment.path) }
                take(
                    try StoreProblem.catching { () throws(DiskError) in
                        try file.read(at: 0, count: Int(segment.entry.length))
                    })
                for chunk in segment.chunks { take(try StoredChunk.bytes(chunk, file)) }
            } catch { throw error.error(in: path, writing: false) }
            take(MCAP.ending)
        }
    }

    /// A table begins with what it is.
    private static func copy(
        _ path: String, _ name: String, _ contents: ProofContents, _ take: ([UInt8]) -> Void
    ) throws(TapError) {
        if name == ProofNames.table { take(Array("# \(DerivedFiles.provenance(contents))\n".utf8)) }
        do throws(DiskError) {
            let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            let disk = SystemDisk(folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder)
            let file = try disk.openToRead(String(path.split(separator: "/").last ?? ""))
            let size = try file.size()
            var done: UInt64 = 0
            while done < size {
                let piece = try file.read(at: done, count: 1 << 20)
                guard !piece.isEmpty else { break }
                take(piece)
                done += UInt64(piece.count)
            }
        } catch { throw StoreProblem(error).error(in: path, writing: false) }
    }
}

extension ProofContents {
    /// The message Session of each session, from the first of its segments.
    ///
    /// - Parameter disk: with segments.
    func sessions(_ disk: any Disk) -> [SessionMessage] {
        starts.compactMap { start in
            for number in segments.keys.sorted() {
                guard let segment = segments[number]?.entry, segment.session == start.session else { continue }
                if let message = StoreSurvey.session(of: segment, start, disk) { return message }
            }
            return nil
        }
    }
}

extension RecordStore {
    /// What goes into a proof of what was recorded between two times, with one chunk of each source before and behind.
    ///
    /// Reads the log as `complete` does, and no more of the segments than the span.
    ///
    /// - Parameters:
    ///   - seen: checkpoints that were noted elsewhere: the proof shows that the log is theirs.
    ///   - span: for people.
    public func prove(
        key: VerifierKey, from: AskedTime, to: AskedTime, seen: [Checkpoint] = [], span: String
    ) throws(TapError) -> ProofDraft {
        do throws(StoreProblem) {
            try checkIsStore()
            return try ProofDraft(SystemDisk(path), path, key: key, from: from, to: to, seen: seen, span: span)
        } catch { throw error.error(in: path, writing: false) }
    }
}
