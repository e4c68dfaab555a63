import CLinux
import Glibc
import TapCore

/// The lock of a store: one recorder at a time. Held until it goes, also by a crash.
final class StoreLock: Sendable {
    private let descriptor: Int32

    /// - Throws: EAGAIN if another process has it.
    init(_ store: String) throws(Errno) {
        descriptor = Int32(try Errno.check(unsafe tap_lock("\(store)/\(StoreLayout.lock)", true)))
    }

    deinit { close(descriptor) }

    /// Whether a recorder has the store open.
    static func isHeld(_ store: String) -> Bool {
        let opened = unsafe tap_lock("\(store)/\(StoreLayout.lock)", false)
        guard opened >= 0 else { return Errno(-opened) == .wouldBlock }
        close(opened)
        return false
    }
}
