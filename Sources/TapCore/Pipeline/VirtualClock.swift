import Synchronization

/// The clock of a simulated run: starts at zero and moves only when its driver says so.
public final class VirtualClock: TapClock {
    private let time = Atomic<UInt64>(0)

    public init() {}

    public func now() -> Timestamp { Timestamp(nanoseconds: time.load(ordering: .relaxed)) }

    /// - Parameter now: not before the present; for whoever drives what goes by this clock.
    public func advance(to now: Timestamp) { time.store(now.nanoseconds, ordering: .relaxed) }
}
