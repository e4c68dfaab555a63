import Glibc
import TapCore

/// A file that takes its name only once it is whole: until then it lies beside it under another name, and goes if it is
/// not finished.
struct NewFile: ~Copyable {
    let path: String
    /// Where it is being written.
    let temporary: String
    let descriptor: Int32
    private let mayReplace: Bool
    private var isCommitted = false

    init(_ path: String, mayReplace: Bool) throws(TapError) {
        // See InputFile: opened before there is a value.
        let name = TapFormats.fileName(path)
        let temporary = "\(path.dropLast(name.count)).\(name).tap-\(getpid())"
        self.init(path, mayReplace, temporary, opened: try NewFile.open(temporary, for: path, mayReplace))
    }

    private init(_ path: String, _ mayReplace: Bool, _ temporary: String, opened: Int32) {
        self.path = path
        self.mayReplace = mayReplace
        self.temporary = temporary
        descriptor = opened
    }

    private static func open(_ temporary: String, for path: String, _ mayReplace: Bool) throws(TapError) -> Int32 {
        var found = stat()
        if unsafe lstat(path, &found) == 0 {
            guard mayReplace else {
                throw TapError(
                    .output, printable(path), "is there already",
                    remedy: "choose another name, or replace it with --overwrite")
            }
            guard found.st_mode & S_IFMT == S_IFREG else {
                throw TapError(
                    .output, printable(path), "is no file that could be replaced", remedy: "choose another name")
            }
        }
        let opened = unsafe Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard opened >= 0 else { throw failure(path, errno) }
        return opened
    }

    deinit {
        close(descriptor)
        if !isCommitted { _ = unsafe unlink(temporary) }
    }

    private static func failure(_ path: String, _ code: Int32) -> TapError {
        let words = Errno(code).words
        return TapError(
            code == EACCES || code == EPERM ? .permission : .output, path.isEmpty ? "''" : printable(path),
            "cannot be written: \(words)", remedy: "choose another name")
    }

    /// Gives the file its name.
    mutating func commit() throws(TapError) {
        // Without leave to replace, whoever was faster keeps the name.
        if !mayReplace, unsafe access(path, F_OK) == 0 { throw NewFile.failure(path, EEXIST) }
        guard unsafe rename(temporary, path) == 0 else { throw NewFile.failure(path, errno) }
        isCommitted = true
    }
}
