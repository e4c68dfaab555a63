import CLinux
import Glibc

/// A pipe by which one thread wakes another, which polls it or waits for it. Safe from any thread; `wake` also from a
/// signal handler.
package final class WakePipe: Sendable {
    /// Readable from `wake` on until it is cleared.
    package let descriptor: Int32
    private let writer: Int32

    package init() {
        var reader: Int32 = -1
        var writer: Int32 = -1
        let status = unsafe tap_pipe(&reader, &writer)
        guard status == 0 else { preconditionFailure("no pipe could be made: \(Errno(status).words)") }
        descriptor = reader
        self.writer = writer
    }

    deinit {
        close(descriptor)
        close(writer)
    }

    package func wake() {
        let byte: UInt8 = 1
        // A full pipe is readable already.
        _ = unsafe withUnsafeBytes(of: byte) { unsafe write(writer, $0.baseAddress, 1) }
    }

    package func clear() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while unsafe read(descriptor, &bytes, bytes.count) > 0 {}
    }

    /// Blocks until somebody calls `wake`; does not clear it.
    package func waitReadable() {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while unsafe tap_poll(&polled, 1, -1) < 0 {}
    }

    /// Blocks until somebody calls `wake`, or for so long; a signal may end it earlier. Clears it.
    package func wait(_ limit: Nanoseconds) {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if unsafe tap_poll(&polled, 1, max(0, limit.count)) != 0 { clear() }
    }
}
