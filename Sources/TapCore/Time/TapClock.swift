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
