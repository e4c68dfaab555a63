import CLinux

/// A thread of the system. It is joined or left behind, once.
package struct SystemThread: Sendable {
    private let number: UInt64

    /// Starts it.
    ///
    /// - Parameter name: the kernel keeps 15 bytes of it.
    /// - Throws: EAGAIN or ENOMEM if the system makes no more threads.
    package init(_ name: String, _ body: @escaping @Sendable () -> Void) throws(Errno) {
        let box = Body {
            unsafe tap_thread_name(name)
            body()
        }
        var number: UInt64 = 0
        // Sound: the retain is taken back by the one thread that gets the pointer.
        let status = unsafe tap_thread_start(
            &number, { raw in unsafe Unmanaged<Body>.fromOpaque(raw.unsafelyUnwrapped).takeRetainedValue().run() },
            Unmanaged.passRetained(box).toOpaque())
        guard status == 0 else {
            unsafe Unmanaged.passUnretained(box).release()
            throw Errno(status)
        }
        self.number = number
    }

    /// Blocks until it has ended.
    package func join() { tap_thread_join(number) }

    /// Lets it end on its own, when it can: one that hangs in a call that cannot be interrupted.
    package func leave() { tap_thread_leave(number) }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
