public import TapCore

/// A contact that bounces: after each change it opens and closes for an exponentially distributed time.
///
/// The defaults follow J. Ganssle, "A Guide to Debouncing" (2004, 2008), who measured switches: 1.6 ms on average, 6.2 ms
/// at the longest, but for what he calls outliers.
public struct Bounce: Sendable, Hashable {
    /// Mean of how long it bounces.
    public var mean: Nanoseconds
    /// Where the distribution is cut.
    public var longest: Nanoseconds
    /// Mean time between two changes while it bounces.
    public var spacing: Nanoseconds

    public static let measuredMean = Nanoseconds.microseconds(1_557)
    public static let measuredLongest = Nanoseconds.microseconds(6_200)

    public init(
        mean: Nanoseconds = Bounce.measuredMean, longest: Nanoseconds = Bounce.measuredLongest,
        spacing: Nanoseconds = .microseconds(150)
    ) {
        self.mean = mean
        self.longest = longest
        self.spacing = spacing
    }
}
