public import TapCore

/// How a table is written; as it is made, the form that loses nothing.
public struct CSVOptions: Sendable, Hashable {
    /// Between cells.
    public enum Separator: String, Sendable, Hashable, CaseIterable { case comma, semicolon, tab }

    /// What the first column says.
    public enum Time: String, Sendable, Hashable, CaseIterable {
        /// Whole nanoseconds of the capture's clock.
        case ns
        /// Seconds since the capture began, with nine decimals.
        case s
        /// Date and time of day in UTC with milliseconds, rounded down: the most that spreadsheets read.
        case utc
    }

    public var separator = Separator.comma
    /// In place of the point, in numbers and seconds; not with a comma between cells.
    public var hasDecimalComma = false
    public var time = Time.ns
    /// At most one row in each so long interval, counted from the capture's beginning; nil: every row.
    public var every: Nanoseconds?

    public init() {}
}
