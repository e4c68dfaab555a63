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
    /// its entries.
    ///
    /// - Parameters:
    ///   - key: the verifier key, from outside.
    ///   - seen: checkpoints that were noted elsewhere.
    ///   - policy: whose cosignatures count.
    ///   - stamps: whose time stamps count.
    public func verify(
        key: VerifierKey, seen: [Checkpoint] = [], policy: WitnessPolicy? = nil, stamps: StampAuthorities? = nil
    ) throws(TapError) -> ProofVerification {
        var verifier = ProofVerifier(zip, key: key, seen: seen, policy: policy, stamps: stamps)
        do throws(StoreProblem) { return try verifier.run() } catch { throw ProofFile.error(error, in: path) }
    }

    /// Reads what it holds as a capture; each chunk's digest is compared when it is read, and no signature.
    public func reader(
        from: Nanoseconds = .zero, to: Nanoseconds? = nil, wanted: Set<String> = []
    ) throws(TapError) -> StoreReader {
        let disk: any Disk
        do throws(StoreProblem) {
            let (_, entries) = try ProofVerifier.log(of: zip)
            disk = ProofFile.disk(zip, entries, try ProofContents(entries))
        } catch { throw ProofFile.error(error, in: path) }
        return try StoreReader(disk, path, from: from, to: to, wanted: wanted, isPart: true)
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

    /// Compares a copy of its chunks with one that was made of them now.
    ///
    /// - Parameters:
    ///   - name: `ProofDraft.table` and so on; the proof must have it.
    ///   - madeNow: the path of the other file.
    /// - Returns: the first byte that differs, counted in the proof's file; nil: none does. Comments before a table are left out.
    public func differs(_ name: String, from madeNow: String) throws(TapError) -> UInt64? {
        let folder = madeNow.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        do throws(StoreProblem) {
            guard let member = zip[name] else { throw StoredZip.problem("has no file \(name)") }
            let other = try StoreProblem.catching { () throws(DiskError) in
                try SystemDisk(folder.isEmpty ? (madeNow.hasPrefix("/") ? "/" : ".") : folder)
                    .openToRead(String(madeNow.split(separator: "/").last ?? ""))
            }
            let begin = name == ProofNames.table ? try comments(member) : 0
            let size = try StoreProblem.catching { () throws(DiskError) in try other.size() }
            var done: UInt64 = 0
            while begin + done < member.size, done < size {
                let (mine, its) = try StoreProblem.catching { () throws(DiskError) in
                    (
                        try zip.file.read(
                            at: member.begin + begin + done,
                            count: Int(min(1 << 20, member.size - begin - done))),
                        try other.read(at: done, count: 1 << 20)
                    )
                }
                let count = min(mine.count, its.count)
                guard count > 0 else { break }
                guard mine.prefix(count) == its.prefix(count) else {
                    let place = Swift.zip(mine, its).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
                    return begin + done + UInt64(place)
                }
                done += UInt64(count)
            }
            return member.size - begin == size ? nil : begin + done
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
