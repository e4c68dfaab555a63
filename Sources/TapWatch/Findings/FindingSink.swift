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
    /// Some time after the start, once.
    /// - Parameter blind: the rules of which nothing is known then.
    func surveyed(at time: Nanoseconds, blind: [Int])
    /// Every finding that was known up to that time has been given.
    /// - Parameter time: since the session's start.
    func passed(_ time: Nanoseconds)
    /// A batch is over: the place to write what there is.
    func flush() throws(TapError)
}

extension FindingSink {
    public func asked(_ request: WatchRequest, by author: String, at time: Nanoseconds) {}
    public func passed(_ time: Nanoseconds) {}
}
