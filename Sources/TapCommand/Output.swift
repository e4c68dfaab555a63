import Glibc
public import TapCore

/// Where a capture goes: standard output or a new file.
public struct Output: Sendable {
    public let descriptor: Int32
    public let name: String
    public let isTerminal: Bool
    /// The file was not there before.
    private let isNew: Bool

    /// - Parameter path: nil or "-": standard output.
    public init(_ path: String?, mayReplace: Bool) throws(TapError) {
        guard let path, path != "-" else {
            descriptor = STDOUT_FILENO
            name = "standard output"
            isTerminal = isatty(STDOUT_FILENO) == 1
            isNew = false
            return
        }
        var opened = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_EXCL, 0o644)
        isNew = opened >= 0
        if !isNew, errno == EEXIST, mayReplace { opened = unsafe open(path, O_WRONLY | O_CLOEXEC) }
        descriptor = opened
        name = path.isEmpty ? "''" : path
        isTerminal = false
        guard opened >= 0 else {
            if errno == EEXIST {
                throw TapError(
                    .output, path, "is there already", remedy: "choose another name, or replace it with --overwrite")
            }
            let words = Errno.last.words
            throw TapError(.output, name, "cannot be written: \(words)", remedy: "choose another file with --out")
        }
    }

    /// Empties a file that is replaced: only now, when everything else is known to work.
    public func begin() { if descriptor != STDOUT_FILENO { _ = ftruncate(descriptor, 0) } }

    /// Writes a whole text, for as long as it takes.
    public func write(_ text: String) throws(TapError) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else {
                if written < 0, errno == EINTR { continue }
                let error = Errno.last
                throw TapError(
                    error == .brokenPipe ? .closedPipe : .output, name, "cannot be written: \(error.words)",
                    remedy: "what is there of it is not whole")
            }
            bytes = bytes.dropFirst(written)
        }
    }

    /// Nothing will be written: a file that was made for it goes, so that the next try finds its name free.
    public func withdraw() { if isNew { _ = unsafe unlink(name) } }
}
