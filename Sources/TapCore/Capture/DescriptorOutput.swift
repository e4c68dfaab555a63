// Unsafe here: pointers into a span, for the duration of a call only.

import Glibc

/// Bytes to a file descriptor: a file, pipe or terminal.
public final class DescriptorOutput: ByteOutput, Sendable {
    public let descriptor: Int32
    public let name: String

    /// - Parameters:
    ///   - descriptor: open for writing; stays open.
    ///   - name: for messages.
    public init(_ descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// What is appended to is written at its end, wherever the descriptor stands.
    public var position: UInt64? {
        let isAppending = fcntl(descriptor, F_GETFL) & O_APPEND != 0
        let place = lseek(descriptor, 0, isAppending ? SEEK_END : SEEK_CUR)
        return place < 0 ? nil : UInt64(place)
    }

    public func write(_ bytes: RawSpan) throws(OutputFailure) {
        var done = 0
        let code: Int32? = unsafe bytes.withUnsafeBytes { bytes in
            while done < bytes.count {
                let status = unsafe Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
                if status > 0 {
                    done += status
                } else if status < 0, errno == EAGAIN {
                    var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = unsafe poll(&polled, 1, -1)
                } else if status < 0, errno != EINTR {
                    return errno
                }
            }
            return nil
        }
        if let code { throw OutputFailure(written: done, failure(code)) }
    }

    public func cut(to position: UInt64) { _ = ftruncate(descriptor, off_t(position)) }

    public func sync() throws(TapError) {
        // EINVAL: a pipe or terminal, which has no medium (fsync(2)).
        guard fsync(descriptor) != 0, errno != EINVAL, errno != EROFS else { return }
        throw failure(errno)
    }

    private func failure(_ code: Int32) -> TapError {
        if code == EPIPE { return TapError(.closedPipe, name, "its reader has closed it", remedy: "") }
        let words = unsafe String(cString: strerror(code))
        return TapError(
            .output, name, "cannot be written: \(words)",
            remedy: code == ENOSPC || code == EDQUOT
                ? "make room or write elsewhere" : "choose another file with --out")
    }
}
