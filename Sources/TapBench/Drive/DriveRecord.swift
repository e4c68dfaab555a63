public import TapCore

/// A change of a driven line that was made: when it was due, and stamps before and after the write.
public struct DriveRecord: Sendable, Hashable {
    /// Index of the line.
    public var line: Int
    public var isHigh: Bool
    public var due: Timestamp
    public var before: Timestamp
    public var after: Timestamp

    public init(line: Int, isHigh: Bool, due: Timestamp, before: Timestamp, after: Timestamp) {
        self.line = line
        self.isHigh = isHigh
        self.due = due
        self.before = before
        self.after = after
    }
}
