public import TapCore
import TapFormats

/// Packets of an interface that were lost on this machine: what was said in that span is not known.
public struct PacketLoss: Sendable, Hashable {
    public enum Place: String, Sendable, Hashable {
        /// The ring was full: this process was too slow.
        case ring
        /// The card, its driver or the kernel's queue lost or refused them before.
        case interface
    }

    public var place: Place
    public var packets: UInt64
    /// They came in this span, in time as packets have it.
    public var from: Timestamp
    public var to: Timestamp

    /// One line without its end.
    public func text(by clock: StampClock) -> String {
        [
            Words.utc(clock.utc(to).nanoseconds), "LOST    ",
            "\(packets) packets \(place == .ring ? "for which there was no room" : "before they came to tap")",
            "since \(Words.utc(clock.utc(from).nanoseconds))",
        ].joined(separator: "  ")
    }

    /// One object; docs/claims.md describes it.
    public func json(by clock: StampClock) -> String {
        JSON.object([
            ("utc_ns", "\(clock.utc(to).nanoseconds)"), ("kind", JSON.string("lost")),
            ("place", JSON.string(place.rawValue)), ("packets", "\(packets)"),
            ("from_utc_ns", "\(clock.utc(from).nanoseconds)"),
            ("monotonic_ns", "\(clock.monotonic(to).nanoseconds)"),
            ("from_monotonic_ns", "\(clock.monotonic(from).nanoseconds)"),
        ])
    }
}
