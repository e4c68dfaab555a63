// Unsafe here: pointers into a span, for the duration of a call only.

import Glibc

/// Bytes to a file descriptor: a file, pipe or terminal.
public final class DescriptorOutput: ByteOutput, Sendable {
    public let descriptor: Int32
    public let name: String
    /// The bytes of a write that does not block, to a pipe or terminal, whose reader may be slow; nil: it has none.
    private let piece: Int?

    /// - Parameters:
    ///   - descriptor: open for writing; stays open.
    ///   - name: for messages.
    public init(_ descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
        var found = stat()
        let kind = unsafe fstat(descriptor, &found) == 0 ? found.st_mode & S_IFMT : S_IFREG
        let isTerminal = kind == S_IFCHR && isatty(descriptor) == 1
        // What poll(2) says that there is room for goes in at once: PIPE_BUF (pipe(7)), or a terminal's 256.
        piece = isTerminal ? 256 : kind == S_IFIFO || kind == S_IFSOCK ? 4_096 : nil
    }

    /// What is appended to is written at its end, wherever the descriptor stands.
    public var position: UInt64? {
        let isAppending = fcntl(descriptor, F_GETFL) & O_APPEND != 0
        let place = lseek(descriptor, 0, isAppending ? SEEK_END : SEEK_CUR)
        return place < 0 ? nil : UInt64(place)
    }

    /// What blocks may be asked to end meanwhile: then its reader has a second to go on.
    public func write(_ bytes: RawSpan) throws(OutputFailure) {
        var done = 0
        let failed: Errno? = unsafe bytes.withUnsafeBytes { bytes in
            while done < bytes.count {
                if piece != nil, !isReady() { return .timedOut }
                let count = min(bytes.count - done, piece ?? .max)
                let status = unsafe Glibc.write(descriptor, bytes.baseAddress! + done, count)
                if status > 0 {
                    done += status
                } else if status < 0, Errno.last != .interrupted, Errno.last != .wouldBlock {
                    return .last
                }
            }
            return nil
        }
        if let failed { throw OutputFailure(written: done, failure(failed)) }
    }

    /// Waits until it takes bytes; false: the request to end came, and nobody takes them.
    private func isReady() -> Bool {
        var ticks = 0
        while true {
            var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            if unsafe poll(&polled, 1, 100) > 0 { return true }
            guard Interruption.signal != nil else { continue }
            ticks += 1
            if ticks > 10 { return false }
        }
    }

    public func cut(to position: UInt64) { _ = ftruncate(descriptor, off_t(position)) }

    public func sync() throws(TapError) {
        // EINVAL: a pipe or terminal, which has no medium (fsync(2)).
        guard fsync(descriptor) != 0 else { return }
        let error = Errno.last
        if error != .invalid, error != .readOnly { throw failure(error) }
    }

    private func failure(_ error: Errno) -> TapError {
        if error == .brokenPipe { return TapError(.closedPipe, name, "its reader has closed it", remedy: "") }
        if error == .timedOut {
            return TapError(
                .output, name, "its reader takes nothing, and the request to end came",
                remedy: "let its reader end too")
        }
        return TapError(
            .output, name, "cannot be written: \(error.words)",
            remedy: error == .noSpace || error == .quotaExceeded
                ? "make room or write elsewhere" : "choose another file with --out")
    }
}
