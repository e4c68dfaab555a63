import Synchronization
public import TapCore

/// The changes of one wire over virtual time: what a simulated kernel listens to.
public protocol WireFeed: AnyObject, Sendable {
    /// The level at time zero.
    var startsHigh: Bool { get }

    /// Whether the changes are laid down: a time up to which there was none stays without. Not so if somebody drives.
    var isLaidDown: Bool { get }

    /// The next change, if it is not after `limit`, and goes on behind it; nil otherwise. Each is to the other level.
    ///
    /// Times grow, or stay.
    func next(upTo limit: Timestamp) -> Timestamp?
}
