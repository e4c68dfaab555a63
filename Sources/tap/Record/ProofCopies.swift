import Glibc
import Synchronization
import TapCore
import TapFormats
import TapRecord

/// Copies of a proof's chunks in formats that other programs read: made for a proof, and made again to be compared.
///
/// They are in a folder that goes with this.
final class ProofCopies {
    /// Paths by their names in a proof.
    private(set) var paths: [String: String] = [:]
    /// Why one is left out, by its name.
    private(set) var missing: [String: String] = [:]
    /// What they cannot hold, a sentence each.
    private(set) var remarks: [String] = []
    private let folder: String
    private var conversion = Conversion(version: Tap.version)

    /// Makes a folder.
    ///
    /// - Parameters:
    ///   - place: the folder's name begins so.
    ///   - lines: that they are of; empty: everything.
    ///   - opening: reads the proof's chunks.
    private init(
        beside place: String, lines: [String],
        opening: @escaping @Sendable (Set<String>) throws(TapError) -> StoreReader
    ) throws(TapError) {
        var name = Array("\(place).XXXXXX".utf8CString)
        guard unsafe mkdtemp(&name) != nil else {
            throw TapError(
                .output, printable(place), "no folder for copies can be made beside it: \(Errno.last.words)",
                remedy: "choose another place, or leave copies out with --no-copies")
        }
        folder = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        conversion.lines = lines
        conversion.reading.wanted = Set(lines)
        conversion.opening = { (_, options, _, _) throws(TapError) in try opening(options.wanted) }
    }

    deinit {
        for path in paths.values { _ = unsafe unlink(path) }
        _ = unsafe rmdir(folder)
    }

    /// - Parameters:
    ///   - store: for messages.
    ///   - out: the proof; they are made beside it.
    static func made(
        of draft: ProofDraft, _ store: String, lines: [String], out: String
    ) throws(TapError) -> ProofCopies {
        let copies = try ProofCopies(beside: out, lines: lines) { (wanted) throws(TapError) in
            try draft.reader(wanted: wanted)
        }
        try copies.make([([ProofDraft.table], .csv), (ProofDraft.comtrade, .comtrade)], store)
        return copies
    }

    /// Compares the copies that a proof has with what its chunks give.
    static func compare(_ proof: ProofFile, _ found: inout ProofVerification) throws(TapError) {
        let wanted = [([ProofDraft.table], CaptureFormat.csv), (ProofDraft.comtrade, .comtrade)]
            .filter { $0.0.contains(where: proof.has) }
        guard !wanted.isEmpty else { return }
        let place = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        let copies = try ProofCopies(beside: "\(place)/tap-verify", lines: proof.copiedLines) {
            (wanted) throws(TapError) in
            try proof.reader(wanted: wanted)
        }
        try copies.make(wanted, proof.path)
        for (names, _) in wanted {
            for name in names where proof.has(name) {
                guard let path = copies.paths[name] else {
                    found.add(copy: name, cannotBeMade: copies.missing[names[0]] ?? "")
                    continue
                }
                if let offset = try proof.differs(name, from: path) { found.add(copy: name, differsAt: offset) }
            }
        }
    }

    /// One copy, or why there is none.
    private struct Made: Sendable {
        var paths: [String: String] = [:]
        var remarks: [String] = []
        var error: TapError?
    }

    private final class Results: Sendable {
        let all = Mutex<[Int: Made]>([:])
        func set(_ place: Int, _ made: Made) { all.withLock { $0[place] = made } }
    }

    /// Each in a thread of its own: they read the same chunks and know nothing of each other.
    ///
    /// - Parameter wanted: names of the files of one copy, the first that which is converted to, and its format.
    private func make(_ wanted: [([String], CaptureFormat)], _ input: String) throws(TapError) {
        let (results, folder, conversion) = (Results(), folder, conversion)
        let threads = wanted.enumerated().map { place, copy in
            let work = { @Sendable in results.set(place, ProofCopies.made(copy.0, copy.1, input, folder, conversion)) }
            do throws(Errno) { return try SystemThread("tap-copy", work) as SystemThread? } catch {
                work()
                return nil
            }
        }
        for thread in threads { thread?.join() }
        let all = results.all.withLock { $0 }
        for (place, made) in all.sorted(by: { $0.key < $1.key }) {
            remarks += made.remarks
            paths.merge(made.paths) { $1 }
            guard let error = made.error else { continue }
            if error.kind == .interrupted || error.kind == .output { throw error }
            missing[wanted[place].0[0]] = "\(error.what)"
        }
    }

    private static func made(
        _ names: [String], _ format: CaptureFormat, _ input: String, _ folder: String, _ conversion: Conversion
    ) -> Made {
        var made = Made()
        let all = Dictionary(
            uniqueKeysWithValues: names.map { ($0, "\(folder)/\($0.split(separator: "/").last ?? "")") })
        do throws(TapError) {
            let outcome = try conversion.run(input, to: all[names[0]]!, as: format)
            made.remarks = outcome.remarks.map { "\(names[0]): \($0)" }
            made.paths = all
        } catch { made.error = error }
        return made
    }
}
