import Synchronization
public import TapCore

/// A wire that somebody drives while the simulation runs, from any thread.
public final class DrivenWire: WireFeed {
    public let startsHigh: Bool
    public var isLaidDown: Bool { false }
    private let state: Mutex<State>

    private struct State {
        var changes: [Timestamp] = []
        var isHigh: Bool
    }

    public init(startsHigh: Bool = false) {
        self.startsHigh = startsHigh
        state = Mutex(State(isHigh: startsHigh))
    }

    /// - Parameter time: not before the last change. Asked for inside the lock, so that no reader has passed it.
    public func drive(high isHigh: Bool, at time: @autoclosure () -> Timestamp) {
        state.withLock { state in
            guard state.isHigh != isHigh else { return }
            state.isHigh = isHigh
            state.changes.append(time())
        }
    }

    public func next(upTo limit: Timestamp) -> Timestamp? {
        state.withLock { state in
            guard let first = state.changes.first, first <= limit else { return nil }
            return state.changes.removeFirst()
        }
    }
}
