import Glibc
import Synchronization
import TapCore

/// What pipes, FIFOs and standard input gave: they give it once, and a file may be read twice.
private let pipes = Mutex<[String: [UInt8]]>([:])

/// All bytes of a file (open(2), read(2)). Blocks as long as the file system does, and on a FIFO until a writer comes.
///
/// - Parameter path: `-` is standard input.
func readFile(_ path: String, longest: Int) throws(FileProblem) -> [UInt8] {
    // C would read the path only up to a NUL.
    guard !path.utf8.contains(0) else { throw .system(.notFound) }
    if let bytes = pipes.withLock({ $0[path] }) { return bytes }
    let descriptor = path == "-" ? dup(STDIN_FILENO) : unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw .system(.last) }
    defer { close(descriptor) }
    let bytes = try readAll(descriptor, longest: longest)
    var found = stat()
    if unsafe fstat(descriptor, &found) == 0, found.st_mode & S_IFMT != S_IFREG || path == "-" {
        pipes.withLock { $0[path] = bytes }
    }
    return bytes
}

private func readAll(_ descriptor: Int32, longest: Int) throws(FileProblem) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        // Sound: read(2) writes at most the count of the array that lends the address.
        let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        if count == 0 { return bytes }
        if count < 0 {
            let error = Errno.last
            guard error == .interrupted else { throw .system(error) }
            continue
        }
        bytes += chunk.prefix(count)
        guard bytes.count <= longest else { throw .longer(than: longest) }
    }
}
