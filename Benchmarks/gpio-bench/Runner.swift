import CLinux

/// A thread with a body of its own, which nobody waits for.
struct Runner {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let body: Body

    init(_ run: @escaping @Sendable () -> Void) { body = Body(run) }

    func launch() {
        var thread: UInt64 = 0
        // Sound: the retain is taken back by the one thread that gets the pointer.
        let status = unsafe tap_thread_start(
            &thread, { raw in unsafe Unmanaged<Body>.fromOpaque(raw.unsafelyUnwrapped).takeRetainedValue().run() },
            Unmanaged.passRetained(body).toOpaque())
        precondition(status == 0, "no thread could be made")
    }
}
