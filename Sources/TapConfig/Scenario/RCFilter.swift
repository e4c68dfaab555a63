public import TapCore

/// A resistor and a capacitor before a comparator with two thresholds, as shares of the swing.
public struct RCFilter: Sendable, Hashable {
    public var timeConstant: Nanoseconds
    /// Falls below it: low. Above 0 and not above `high`.
    public var low: Double
    /// Rises above it: high. Below 1.
    public var high: Double

    public init(timeConstant: Nanoseconds, low: Double, high: Double) {
        self.timeConstant = timeConstant
        self.low = low
        self.high = high
    }
}
