public import TapCore

/// Takes findings in the order in which they are known. On one thread.
public protocol FindingSink: AnyObject {
    func began(_ finding: Finding)
    func cleared(_ finding: Finding)
    /// It stands, and what excused it, work or a shelf, does not any more.
    /// - Parameter time: since the session's start.
    func outlasted(_ finding: Finding, at time: Nanoseconds)
    /// Somebody asks for something that is in force from now on. Only of what the watch knows.
    func asked(_ request: WatchRequest, by author: String, at time: Nanoseconds)
    /// Somebody says something of an incident.
    func noted(_ request: IncidentRequest, by author: String, at time: Nanoseconds)
    /// Records came after verdicts on their time, which stand.
    func late(_ note: LateNote)
    /// Some time after the start, once.
    /// - Parameter blind: the rules of which nothing is known then.
    func surveyed(at time: Nanoseconds, blind: [Int])
    /// Every finding that was known up to that time has been given.
    /// - Parameter time: since the session's start.
    func passed(_ time: Nanoseconds)
    /// A rule is known for the first time since the start, before any finding of that.
    func known(_ rule: Int, holds: Bool, at time: Nanoseconds)
    /// Before the first record: what a watch before this one knew.
    /// - Parameter utc: at the session's start, in nanoseconds since 1970.
    func restore(_ kept: WatchState, utc: UInt64)
    /// What a next watch is to know.
    func remember(in state: inout WatchState, utc: UInt64)
    /// Whether there is more to remember than when it was asked last.
    func takeNews() -> Bool
    /// A batch is over: the place to write what there is.
    func flush() throws(TapError)
}

extension FindingSink {
    public func asked(_ request: WatchRequest, by author: String, at time: Nanoseconds) {}
    public func noted(_ request: IncidentRequest, by author: String, at time: Nanoseconds) {}
    public func late(_ note: LateNote) {}
    public func passed(_ time: Nanoseconds) {}
    public func known(_ rule: Int, holds: Bool, at time: Nanoseconds) {}
    public func restore(_ kept: WatchState, utc: UInt64) {}
    public func remember(in state: inout WatchState, utc: UInt64) {}
    public func takeNews() -> Bool { false }
}
