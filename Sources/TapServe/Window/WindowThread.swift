import NIOPosix

/// A thread for answers that wait for a medium, one after the other, so that nothing else waits for them.
public final class WindowThread: Sendable {
    private let pool = NIOThreadPool(numberOfThreads: 1)

    public init() { pool.start() }

    /// - Parameter work: called on that thread; not at all once it has stopped.
    public func run(_ work: @escaping @Sendable () -> Void) {
        pool.submit { state in if state == .active { work() } }
    }

    /// Blocks until what it does is done.
    public func stop() { try? pool.syncShutdownGracefully() }
}
