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
