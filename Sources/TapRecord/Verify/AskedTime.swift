public import TapCore

/// A time as it is asked for.
public enum AskedTime: Sendable, Hashable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    case utc(UInt64)
    /// Since the beginning of the last session of the store that has what is asked about.
    case sinceStart(Nanoseconds)
}
