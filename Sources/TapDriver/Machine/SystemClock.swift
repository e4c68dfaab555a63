import CLinux
public import TapCore

/// CLOCK_MONOTONIC of this machine: the gateway's monotonic clock domain. Starts near zero at boot, never jumps, is
/// slewed by NTP, does not count suspended time (clock_gettime(2)).
public struct SystemClock: TapClock {
    public init() {}

    public func now() -> Timestamp { Timestamp(nanoseconds: tap_monotonic_ns()) }
}
