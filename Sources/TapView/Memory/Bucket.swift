/// What was recorded of a lane within a span of time.
public struct Bucket: Sendable, Hashable {
    /// Since the session's start, in nanoseconds; `until` is no part of it.
    public var at: Int64
    public var until: Int64
    /// In the lane's unit; nil: nothing was known within it.
    public var min: Double?
    public var max: Double?
    /// What came first within it, and what it was at its end.
    public var first: Double?
    public var last: Double?
    /// Edges, samples or claims.
    public var count: UInt64
    /// Something of it was lost.
    public var isLost: Bool
    /// Something of it is known.
    public var isKnown: Bool

    public init(
        at: Int64, until: Int64, min: Double? = nil, max: Double? = nil, first: Double? = nil, last: Double? = nil,
        count: UInt64 = 0, isLost: Bool = false, isKnown: Bool = false
    ) {
        self.at = at
        self.until = until
        self.min = min
        self.max = max
        self.first = first
        self.last = last
        self.count = count
        self.isLost = isLost
        self.isKnown = isKnown
    }
}
