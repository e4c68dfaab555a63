import Glibc
import Synchronization
import TapCore

/// Where the bytes of a capture lie that is to be read, perhaps more than once.
///
/// A pipe, a FIFO or standard input gives them once: it is read whole into a file without a name before anything is read
/// from it, and that file stays until the process ends. Safe from any thread.
enum InputPlace {
    private static let copies = Mutex<[String: Int32]>([:])

    /// The path to open. Blocks until a pipe's writer has ended; the request to end is obeyed.
    ///
    /// - Parameter path: `-` is standard input.
    static func path(_ path: String) throws(TapError) -> String {
        var found = stat()
        let isStandard = path == "-"
        guard (isStandard ? unsafe fstat(STDIN_FILENO, &found) : unsafe stat(path, &found)) == 0 else { return path }
        switch found.st_mode & S_IFMT {
        case S_IFREG, S_IFDIR, S_IFBLK: return isStandard ? "/dev/stdin" : path
        default:
            let descriptor = try copies.withLock { copies throws(TapError) in
                if let copy = copies[path] { return copy }
                let copy = try InputPlace.copy(path)
                copies[path] = copy
                return copy
            }
            // Opened anew, from its beginning.
            return "/proc/self/fd/\(descriptor)"
        }
    }

    private static func copy(_ path: String) throws(TapError) -> Int32 {
        // A FIFO without a writer does not block here, but in poll.
        let from = path == "-" ? dup(STDIN_FILENO) : unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard from >= 0 else { throw InputFile.unreadable(path, .last) }
        defer { close(from) }
        let folder = UnnamedFile.usualFolder
        let copy = try UnnamedFile.open(in: folder)
        var isKept = false
        defer { if !isKept { close(copy) } }
        let output = DescriptorOutput(copy, name: UnnamedFile.copyName(folder))
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            guard Interruption.signal == nil else {
                throw TapError(.interrupted, name(path), "was interrupted", remedy: "it is not read to its end")
            }
            var polled = pollfd(fd: from, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&polled, 1, 100) > 0 else { continue }
            // The array lends its memory for the call.
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(from, $0.baseAddress, $0.count) }
            if count == 0 {
                isKept = true
                return copy
            }
            if count < 0 {
                let error = Errno.last
                guard error == .interrupted || error == .wouldBlock else { throw InputFile.unreadable(path, error) }
                continue
            }
            do throws(OutputFailure) { try unsafe output.write(bytes.span.bytes.extracting(0..<count)) } catch {
                var failure = error.error
                failure.remedy = "name a folder with more room in TMPDIR"
                throw failure
            }
        }
    }

    /// For messages.
    static func name(_ path: String) -> String { path == "-" ? "standard input" : printable(path) }
}
