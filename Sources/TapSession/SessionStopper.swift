import Synchronization

/// Ends a session, once. From any thread and from a signal handler, at any time: what is asked for before the session
/// runs ends it as soon as it does. One of no session keeps that it was asked.
public final class SessionStopper: @unchecked Sendable {
    // Set once, before `isReady`, which shows it to every thread.
    private var driver: (@Sendable () -> Void)?
    private let isReady = Atomic<Bool>(false)
    private let isRaised = Atomic<Bool>(false)

    public init() {}

    /// Whether the session was asked to end.
    public var isStopped: Bool { isRaised.load(ordering: .sequentiallyConsistent) }

    public func stop() {
        isRaised.store(true, ordering: .sequentiallyConsistent)
        if isReady.load(ordering: .sequentiallyConsistent) { driver?() }
    }

    /// - Parameter driver: its `stop`.
    func arm(_ driver: @escaping @Sendable () -> Void) {
        self.driver = driver
        isReady.store(true, ordering: .sequentiallyConsistent)
        if isStopped { driver() }
    }
}
