import Glibc
import TapCore

/// Where a capture goes: standard output or a new file.
struct Output {
    let descriptor: Int32
    let name: String
    let isTerminal: Bool

    /// - Parameter path: nil or "-": standard output.
    init(_ path: String?, mayReplace: Bool) throws(TapError) {
        guard let path, path != "-" else {
            descriptor = STDOUT_FILENO
            name = "standard output"
            isTerminal = isatty(STDOUT_FILENO) == 1
            return
        }
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (mayReplace ? 0 : O_EXCL)
        descriptor = unsafe open(path, flags, 0o644)
        name = path
        isTerminal = false
        guard descriptor >= 0 else {
            if errno == EEXIST {
                throw TapError(
                    .output, path, "is there already", remedy: "choose another name, or replace it with --overwrite")
            }
            let words = unsafe String(cString: strerror(errno))
            throw TapError(.output, path, "cannot be written: \(words)", remedy: "choose another file with --out")
        }
    }

    /// Empties a file that is replaced: only now, when everything else is known to work.
    func begin() { if name != "standard output" { _ = ftruncate(descriptor, 0) } }
}
