import Glibc

/// Which file a path leads to, through links of either kind: equal for two names of one file, also for one that is not
/// there yet.
public struct FileIdentity: Hashable, Sendable {
    private let device: UInt64
    private let node: UInt64
    /// In the folder of that number, where the file is not there yet.
    private let name: String

    /// nil: a terminal, device or socket, which may be named as often as one likes, or a folder that is not there. Blocks as long as the
    /// file system does.
    ///
    /// - Parameter path: `-` is standard output.
    public init?(output path: String) {
        self.init(path, standard: STDOUT_FILENO)
    }

    /// - Parameter path: `-` is standard input.
    public init?(input path: String) {
        self.init(path, standard: STDIN_FILENO)
    }

    private init?(_ path: String, standard: Int32) {
        var found = stat()
        let status = path == "-" ? unsafe fstat(standard, &found) : unsafe stat(path, &found)
        if status == 0 {
            guard [S_IFREG, S_IFIFO, S_IFBLK].contains(found.st_mode & S_IFMT) else { return nil }
            (device, node, name) = (UInt64(found.st_dev), UInt64(found.st_ino), "")
            return
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let folder = String(path.dropLast(name.count))
        guard unsafe stat(folder.isEmpty ? "." : folder, &found) == 0 else { return nil }
        (device, node, self.name) = (UInt64(found.st_dev), UInt64(found.st_ino), name)
    }

    /// Whether it is a file and no pipe, terminal, device or folder: it can be read again.
    public static func isFile(_ path: String) -> Bool {
        var found = stat()
        return unsafe stat(path, &found) == 0 && found.st_mode & S_IFMT == S_IFREG
    }

    /// Refuses an output that is one of the inputs, and two outputs that are one file.
    ///
    /// - Parameters:
    ///   - outputs: what names each on the command line, and its path; nil: standard output.
    ///   - inputs: paths.
    public static func check(outputs: [(name: String, path: String?)], inputs: [String]) throws(TapError) {
        let read = Set(inputs.compactMap { FileIdentity(input: $0) })
        var written: [FileIdentity: String] = [:]
        var standard: String?
        for (name, path) in outputs {
            let path = path ?? "-"
            // A terminal is no file, and yet two texts on it at once are of no use.
            if path == "-", let other = standard { throw twice(name, other, path) }
            if path == "-" { standard = name }
            guard let identity = FileIdentity(output: path) else { continue }
            guard !read.contains(identity) else {
                throw TapError(
                    .usage, path == "-" ? "standard output" : printable(path), "is the input itself",
                    remedy: "write to another file")
            }
            if let other = written.updateValue(name, forKey: identity) { throw twice(name, other, path) }
        }
    }

    private static func twice(_ name: String, _ other: String, _ path: String) -> TapError {
        TapError(
            .usage, path == "-" ? "standard output" : printable(path), "is the file of both \(other) and \(name)",
            remedy: "give each a file of its own")
    }
}
