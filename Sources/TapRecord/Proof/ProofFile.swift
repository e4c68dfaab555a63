public import TapCore

/// A proof: a ZIP with what shows that a span of a store is as it was recorded (docs/formats/tapproof.md).
public struct ProofFile: Sendable {
    public let path: String
    let zip: StoredZip

    public static let ending = ".tapproof"

    /// Whether its name says that it is one.
    public static func isProof(_ path: String) -> Bool { path.lowercased().hasSuffix(ending) }

    /// Reads its directory.
    ///
    /// - Throws: it cannot be read, or is not as 'tap prove' writes one.
    public init(_ path: String) throws(TapError) {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let disk = SystemDisk(folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder)
        do throws(StoreProblem) {
            let file = try StoreProblem.catching { () throws(DiskError) in
                try disk.openToRead(String(path.split(separator: "/").last ?? ""))
            }
            try self.init(file, path)
        } catch { throw ProofFile.error(error, in: path) }
    }

    init(_ file: any DiskFile, _ path: String) throws(StoreProblem) {
        self.path = path
        zip = try StoredZip(file)
    }

    static func error(_ problem: StoreProblem, in path: String) -> TapError {
        var error = problem.error(in: path, writing: false)
        if problem.disk != nil { error.subject = printable(path) }
        return error
    }

    /// Looks at all of it but the copies of its chunks: see `differs`. Blocks as long as reading it takes; memory grows with
    /// its entries, where the key has signed them.
    ///
    /// - Parameters:
    ///   - key: the verifier key, from outside.
    ///   - seen: checkpoints that were noted elsewhere.
    ///   - policy: whose cosignatures count.
    ///   - stamps: whose time stamps count.
    ///   - beside: called once, where the key has signed the log, before what rests on it is looked at: to begin with copies.
    public func verify(
        key: VerifierKey, seen: [Checkpoint] = [], policy: WitnessPolicy? = nil, stamps: StampAuthorities? = nil,
        beside: () -> Void = {}
    ) throws(TapError) -> ProofVerification {
        var verifier = ProofVerifier(zip, key: key, seen: seen, policy: policy, stamps: stamps)
        do throws(StoreProblem) { return try verifier.run(beside: beside) } catch {
            throw ProofFile.error(error, in: path)
        }
    }

    /// Reads what it holds as a capture; each chunk's digest is compared when it is read, and no signature.
    public func reader(
        from: Nanoseconds = .zero, to: Nanoseconds? = nil, wanted: Set<String> = []
    ) throws(TapError) -> StoreReader { try chunks().reader(from: from, to: to, wanted: wanted) }

    /// What it holds, to be read several times. Blocks as long as reading its entries takes, and keeps them in memory: as many
    /// as chunks of that length can have.
    public func chunks() throws(TapError) -> ProofChunks {
        do throws(StoreProblem) {
            let entries = try ProofVerifier.entries(of: zip, ProofVerifier.proof(of: zip), atMost: longestEntries)
            return ProofChunks(disk: ProofFile.disk(zip, entries, try ProofContents(entries)), path: path)
        } catch { throw ProofFile.error(error, in: path) }
    }

    /// Of entries that nobody has signed: an hour of the pump station has a thirtieth of it.
    private var longestEntries: UInt64 {
        let chunks = zip.members.reduce(UInt64(0)) { $0 + ($1.name.hasPrefix("segments/") ? $1.size : 0) }
        return min(1 << 23 + 4 * chunks, ProofVerifier.longestEntries)
    }

    static func disk(
        _ zip: StoredZip, _ entries: [(index: UInt64, bytes: [UInt8])], _ contents: ProofContents
    ) -> PartDisk {
        var segments: [String: PartSegment] = [:]
        for segment in contents.segments.values {
            guard let member = zip[segment.path], member.size == segment.length else { continue }
            segments[segment.path] = PartSegment(segment, in: zip.file, at: member.begin)
        }
        return PartDisk(entries.map(\.bytes)) { [segments] (path) throws(DiskError) in
            guard let segment = segments[path] else { throw DiskError("open", path, .notFound) }
            return segment
        }
    }

    /// Of lines that its copies are of; empty: all.
    public var copiedLines: [String] {
        get throws(TapError) {
            guard zip[ProofNames.selection] != nil else { return [] }
            do throws(StoreProblem) {
                return String(decoding: try zip.contents(ProofNames.selection, atMost: 1 << 20), as: UTF8.self)
                    .split(separator: "\n").map(String.init)
            } catch { throw ProofFile.error(error, in: path) }
        }
    }

    public func has(_ name: String) -> Bool { zip[name] != nil }

    /// An output for a copy of its chunks, which compares it with that of the proof. Comments before a table are left out.
    ///
    /// - Parameter name: `ProofDraft.table` and so on; the proof must have it.
    public func comparison(_ name: String) throws(TapError) -> CopyComparison {
        do throws(StoreProblem) {
            guard let member = zip[name] else { throw StoredZip.problem("has no file \(name)") }
            let comment = name == ProofNames.table ? try comments(member) : 0
            return CopyComparison(
                name, in: zip.file, at: member.begin + comment, length: member.size - comment, comment: comment)
        } catch { throw ProofFile.error(error, in: path) }
    }

    /// Length of the lines at its begin that begin with #.
    private func comments(_ member: ZipMember) throws(StoreProblem) -> UInt64 {
        let bytes = try StoreProblem.catching { () throws(DiskError) in
            try zip.file.read(at: member.begin, count: Int(min(1 << 16, member.size)))
        }
        var begin = 0
        while begin < bytes.count, bytes[begin] == UInt8(ascii: "#"),
            let end = bytes[begin...].firstIndex(of: UInt8(ascii: "\n"))
        {
            begin = end + 1
        }
        return UInt64(begin)
    }
}

/// The chunks of a proof, found in its file.
public struct ProofChunks: Sendable {
    let disk: any Disk
    let path: String

    /// Reads them as a capture; each chunk's digest is compared when it is read, and no signature.
    public func reader(
        from: Nanoseconds = .zero, to: Nanoseconds? = nil, wanted: Set<String> = []
    ) throws(TapError) -> StoreReader {
        try StoreReader(disk, path, from: from, to: to, wanted: wanted, isPart: true)
    }
}
