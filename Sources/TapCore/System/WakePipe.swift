import CLinux
import Glibc

/// A pipe by which one thread wakes another, which polls it or waits for it. Safe from any thread; `wake` also from a
/// signal handler.
package final class WakePipe: Sendable {
    /// Readable from `wake` on until it is cleared.
    package let descriptor: Int32
    private let writer: Int32
    /// Why the system made none, as where too many files are open: nothing can then wake anybody. nil: it works.
    package let refusal: Errno?

    package init() {
        var reader: Int32 = -1
        var writer: Int32 = -1
        let status = unsafe tap_pipe(&reader, &writer)
        refusal = status == 0 ? nil : Errno(status)
        descriptor = reader
        self.writer = writer
    }

    deinit {
        guard refusal == nil else { return }
        close(descriptor)
        close(writer)
    }

    /// - Throws: that there is none, and what to do.
    package func check() throws(TapError) {
        guard let refusal else { return }
        throw TapError(
            .device, "this process", "the system opens no more files for it: \(refusal.words)",
            remedy: TapError.openFilesRemedy)
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
