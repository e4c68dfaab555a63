import Synchronization
public import TapCore

/// The changes of one wire over virtual time: what a simulated kernel listens to.
public protocol WireFeed: AnyObject, Sendable {
    /// The level at time zero.
    var startsHigh: Bool { get }

    /// The next change, if it is not after `limit`, and goes on behind it; nil otherwise. Each is to the other level.
    ///
    /// Times grow, or stay.
    func next(upTo limit: Timestamp) -> Timestamp?
}

/// A wire that somebody drives while the simulation runs, from any thread.
public final class DrivenWire: WireFeed {
    public let startsHigh: Bool
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

/// A wire as the kernel has come along it.
final class Wire {
    private let feed: any WireFeed
    private(set) var isHigh: Bool
    private var pending: Timestamp?

    init(_ feed: any WireFeed) {
        self.feed = feed
        isHigh = feed.startsHigh
    }

    /// The next change up to `limit`.
    func peek(upTo limit: Timestamp) -> Timestamp? {
        if pending == nil { pending = feed.next(upTo: limit) }
        guard let pending, pending <= limit else { return nil }
        return pending
    }

    /// Goes on behind the change that was seen.
    func take() {
        pending = nil
        isHigh.toggle()
    }

    func skip(to time: Timestamp) { while peek(upTo: time) != nil { take() } }
}
