/// A source's clock and how it maps to the gateway's monotonic clock.
public struct ClockDomain: Sendable, Hashable {
    public var kind: ClockKind
    /// Add this to a stamp of the source to get the gateway's monotonic time.
    public var offsetToMonotonic: Nanoseconds
    /// Half width of what that offset may be off by; nil: unknown.
    public var uncertainty: Nanoseconds?

    public init(_ kind: ClockKind, offsetToMonotonic: Nanoseconds = .zero, uncertainty: Nanoseconds? = .zero) {
        self.kind = kind
        self.offsetToMonotonic = offsetToMonotonic
        self.uncertainty = uncertainty
    }
}
