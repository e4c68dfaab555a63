import CLinux
import Glibc

/// A pipe that is only ever made readable: wakes whoever polls it. Safe from any thread and from a signal handler.
final class WakePipe: Sendable {
    let reader: Int32
    private let writer: Int32

    init() {
        var reader: Int32 = -1
        var writer: Int32 = -1
        let status = unsafe tap_pipe(&reader, &writer)
        guard status == 0 else { preconditionFailure("no pipe could be made: errno \(status)") }
        self.reader = reader
        self.writer = writer
    }

    deinit {
        close(reader)
        close(writer)
    }

    func wake() {
        let byte: UInt8 = 1
        // A full pipe is readable already.
        _ = unsafe withUnsafeBytes(of: byte) { unsafe write(writer, $0.baseAddress, 1) }
    }

    /// Blocks until somebody called `wake`.
    func waitReadable() {
        var polled = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
        while unsafe tap_poll(&polled, 1, -1) < 0 {}
    }
}
