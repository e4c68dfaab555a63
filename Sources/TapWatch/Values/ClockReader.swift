/// Reads what a clock shows that people go by: TapWatch itself knows no time zones.
public protocol ClockReader: Sendable {
    /// What the text may mean; none: it is no time. Never blocks.
    func readings(of text: String) -> [ClockReading]
}

/// A time that a clock shows, in nanoseconds since 1970-01-01T00:00:00Z.
public struct ClockReading: Sendable, Hashable {
    public var earliest_ns: Int64
    /// The clock shows something else after that.
    public var latest_ns: Int64
    /// How long ago the clock should have been put forward or back, or how much too early it was; 0: it is right.
    public var excess_ns: Int64

    public init(earliest_ns: Int64, latest_ns: Int64, excess_ns: Int64 = 0) {
        self.earliest_ns = earliest_ns
        self.latest_ns = latest_ns
        self.excess_ns = excess_ns
    }
}
