public import TapCore

/// What a consumer begins with.
public struct SessionStart {
    public let header: SessionHeader
    /// The sources' records, one feed a source, in the header's order.
    public let feeds: [RecordFeed]
    /// How often rings are drained.
    public let tick: Nanoseconds
    public let stopper: SessionStopper
    let limits: SessionLimits
}
