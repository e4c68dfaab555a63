/// Where every stage gets the time from; nothing reads a clock except through a value of this kind.
public protocol TapClock: Sendable {
    /// The present, in the gateway's monotonic clock domain. Does not block.
    func now() -> Timestamp
    /// How long a span of this clock lasts in real time: what a thread sleeps to let it pass.
    func realSpan(of span: Nanoseconds) -> Nanoseconds
}

extension TapClock {
    public func realSpan(of span: Nanoseconds) -> Nanoseconds { span }
}

/// Which clock a source stamps with.
public enum ClockKind: String, Sendable, Hashable, CaseIterable {
    /// CLOCK_MONOTONIC of this machine: the default of the GPIO character device since Linux 5.7.
    case monotonic
    /// CLOCK_REALTIME of this machine: may jump.
    case realtime
    /// The simulator's clock: starts at zero with the run.
    case virtual
    /// The clock of another machine, as behind an `ip:` context.
    case remote
    /// The times a file carries.
    case file
}

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
