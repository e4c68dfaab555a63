public import TapCore

/// Changes come later, rising ones by `on` and falling ones by `off`; a pulse that this leaves no length, or that is
/// shorter than `minimum`, vanishes, be it high or low.
public struct Delay: Sendable, Hashable {
    public var on: Nanoseconds
    public var off: Nanoseconds
    /// Not above the shorter of the two delays.
    public var minimum: Nanoseconds

    public init(on: Nanoseconds, off: Nanoseconds, minimum: Nanoseconds = .zero) {
        self.on = on
        self.off = off
        self.minimum = minimum
    }
}
