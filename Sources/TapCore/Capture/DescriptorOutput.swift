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
        let failed: Errno? = unsafe bytes.withUnsafeBytes { bytes in
            while done < bytes.count {
                let status = unsafe Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
                if status > 0 {
                    done += status
                    continue
                }
                let error = Errno.last
                if status < 0, error == .wouldBlock {
                    var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = unsafe poll(&polled, 1, -1)
                } else if status < 0, error != .interrupted {
                    return error
                }
            }
            return nil
        }
        if let failed { throw OutputFailure(written: done, failure(failed)) }
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
        return TapError(
            .output, name, "cannot be written: \(error.words)",
            remedy: error == .noSpace || error == .quotaExceeded
                ? "make room or write elsewhere" : "choose another file with --out")
    }
}
