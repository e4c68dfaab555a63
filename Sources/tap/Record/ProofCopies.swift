import Glibc
import TapCore
import TapFormats
import TapRecord

/// Copies of a proof's chunks in formats that other programs read, in a folder that goes with this.
final class ProofCopies {
    /// Paths by their names in a proof.
    private(set) var paths: [String: String] = [:]
    /// Why one is left out, by its name.
    private(set) var missing: [String: String] = [:]
    /// What they cannot hold, a sentence each.
    private(set) var remarks: [String] = []
    private let folder: String

    /// Makes a folder beside a proof, and the copies in it.
    ///
    /// - Parameters:
    ///   - store: for messages.
    ///   - lines: that they are of; empty: everything.
    init(of draft: ProofDraft, _ store: String, lines: [String], out: String) throws(TapError) {
        var name = Array("\(out).XXXXXX".utf8CString)
        guard unsafe mkdtemp(&name) != nil else {
            throw TapError(
                .output, printable(out), "no folder for copies can be made beside it: \(Errno.last.words)",
                remedy: "choose another place, or leave copies out with --no-copies")
        }
        folder = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        for name in ProofCopy.allCases.flatMap(\.names) {
            paths[name] = "\(folder)/\(name.split(separator: "/").last ?? "")"
        }
        let work = CopyWork<[String]>(
            ProofCopy.allCases, lines: lines, opening: { (wanted) throws(TapError) in try draft.reader(wanted: wanted) }
        ) { [paths] (copy, conversion) throws(TapError) in
            try conversion.run(store, to: paths[copy.names[0]]!, as: copy == .table ? .csv : .comtrade).remarks
        }
        for (copy, made) in work.wait() {
            switch made {
            case .success(let words): remarks += words.map { "\(copy.names[0]): \($0)" }
            case .failure(let error):
                if error.kind == .interrupted || error.kind == .output { throw error }
                missing[copy.names[0]] = "\(error.what)"
                for name in copy.names { paths[name] = nil }
            }
        }
    }

    deinit {
        for path in paths.values { _ = unsafe unlink(path) }
        _ = unsafe rmdir(folder)
    }
}
