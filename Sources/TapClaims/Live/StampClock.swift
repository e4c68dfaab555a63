public import TapCore

/// Maps the kernel's stamps of packets, which are of the wall clock, to the monotonic clock.
///
/// Times that it gives go on as the wall clock ran at the start, whatever it is set to meanwhile. Both clocks are
/// disciplined alike, so their distance changes only where the wall clock is set. Until all that was stamped before such
/// a step must have been read, the step is part of the uncertainty.
public struct StampClock: Sendable {
    private let begun: ClockDomain
    private var current: ClockDomain
    /// Steps that a stamp may be from before, and until when.
    private var doubt = Nanoseconds.zero
    private var doubtful = Timestamp.zero

    /// How late a packet may be between its stamp and its being in.
    static let grace = Nanoseconds.milliseconds(50)

    init(_ domain: ClockDomain) { (begun, current) = (domain, domain) }

    /// Takes a reading of both clocks; to be called between a packet's coming in and `time`.
    mutating func take(_ domain: ClockDomain, at now: Timestamp) {
        let change = domain.offsetToMonotonic - current.offsetToMonotonic
        let size = Nanoseconds(change.count.magnitude < UInt64(Int64.max) ? abs(change.count) : .max)
        // Two readings of one distance differ by what each may be off: the better one stands.
        guard size > (current.uncertainty ?? .zero) + (domain.uncertainty ?? .zero) else {
            if let better = domain.uncertainty, better <= current.uncertainty ?? better { current = domain }
            return
        }
        doubt = doubt + size
        doubtful = now + StampClock.grace
        current = domain
    }

    /// All that was in has been read.
    mutating func drained(at now: Timestamp) { if now > doubtful { doubt = .zero } }

    /// By how much a time may be off. The stamp itself is of when the kernel took the packet from the card.
    public var uncertainty: Nanoseconds { (current.uncertainty ?? .zero) + doubt }

    /// A stamp as the wall clock ran at the start: the time of packets and messages.
    func time(of stamp_ns: UInt64) -> Timestamp {
        Timestamp(nanoseconds: stamp_ns) + (current.offsetToMonotonic - begun.offsetToMonotonic)
    }

    func time(monotonic: Timestamp) -> Timestamp { monotonic - begun.offsetToMonotonic }

    /// CLOCK_MONOTONIC at such a time.
    public func monotonic(_ time: Timestamp) -> Timestamp { time + begun.offsetToMonotonic }

    /// UTC at such a time, as the wall clock runs now.
    public func utc(_ time: Timestamp) -> Timestamp { monotonic(time) - current.offsetToMonotonic }
}
