public import TapCore

/// Virtual time: that of another clock, from zero at `start`.
public final class VirtualTime: TapClock, @unchecked Sendable {
    private let clock: any TapClock
    /// Set once, before anything else runs.
    public private(set) var origin = Timestamp.zero
    private var isStarted = false

    init(_ clock: any TapClock) { self.clock = clock }

    func start(at now: Timestamp) {
        origin = now
        isStarted = true
    }

    public func now() -> Timestamp { isStarted ? .zero + max(.zero, clock.now() - origin) : .zero }
}
