import CLinux
public import TapCore

extension ClockFixSource {
    /// Of this machine's clocks.
    public init(_ readings: Readings = .system, provenance: Provenance = .hardware) {
        self.init(readings, provenance: provenance, clock: ClockDomain(.monotonic), watchesSteps: true)
    }
}

extension ClockFixSource.Readings {
    /// CLOCK_MONOTONIC, CLOCK_REALTIME, adjtimex(2) and /proc/sys/kernel/random/boot_id of this machine.
    public static let system = ClockFixSource.Readings(
        monotonic: { Timestamp(nanoseconds: tap_monotonic_ns()) },
        utc_ns: { tap_realtime_ns() },
        kernelClock: { try? KernelClock.read() },
        bootID: { Machine.current.text("/proc/sys/kernel/random/boot_id").flatMap { BootID($0) } })
}
