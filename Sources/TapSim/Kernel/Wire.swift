import Synchronization
import TapCore

/// A wire as the kernel has come along it.
final class Wire {
    private let feed: any WireFeed
    private(set) var isHigh: Bool
    private var pending: Timestamp?
    var isLaidDown: Bool { feed.isLaidDown }

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
