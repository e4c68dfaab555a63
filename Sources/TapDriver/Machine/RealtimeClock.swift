import CLinux
public import TapCore

/// CLOCK_REALTIME of this machine: UTC as the kernel believes it, may jump (clock_gettime(2)).
public struct RealtimeClock: TapClock {
    public init() {}

    public func now() -> Timestamp { Timestamp(nanoseconds: tap_realtime_ns()) }

    /// How that clock maps to the monotonic one now; a later jump is not in it. Reads both clocks, does not block.
    public static func domain() -> ClockDomain {
        let before = tap_monotonic_ns()
        let utc = tap_realtime_ns()
        let bracket = tap_monotonic_ns() - before
        let middle = before + bracket / 2
        return ClockDomain(
            .realtime, offsetToMonotonic: Nanoseconds(Int64(bitPattern: middle &- utc)),
            uncertainty: Nanoseconds(Int64(bracket / 2 + 1)))
    }
}
