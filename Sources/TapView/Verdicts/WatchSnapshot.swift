public import TapCore
public import TapWatch

/// What a watch has come to by some time.
public struct WatchSnapshot: Sendable {
    /// Up to when everything is decided, since the session's start.
    public var decided = Nanoseconds.zero
    /// Of each rule, in the order of the site's.
    public var tallies: [FindingLog.Tally] = []
    public var standing: [Finding] = []
    public var findingCount = 0
    /// The newest findings, in the order in which they were known.
    public var findings: [Finding] = []
    /// Incidents that are open, then closed ones, the newest first.
    public var incidents: [Shown] = []
    public var incidentCount = 0
    /// The newest changes of incidents, in their order.
    public var changes: [Change] = []
    /// Of all changes there were, those that are not remembered too.
    public var changeCount: UInt64 = 0
    /// What people asked for, in the order in which they did.
    public var requests: [Asked] = []

    /// An incident, and what became of it last.
    public struct Shown: Sendable, Hashable {
        public var incident: Incident
        public var change: Incident.Change
    }

    /// An incident as it was when that became of it.
    public struct Change: Sendable, Hashable {
        /// From 1 on.
        public var number: UInt64
        public var shown: Shown
        public var at: Nanoseconds
    }

    /// A permit or a shelf.
    public struct Asked: Sendable, Hashable {
        public var request: WatchRequest
        /// Empty: it was given at the start.
        public var author: String
        public var from: Nanoseconds

        public var until: Nanoseconds { from + request.time }
    }
}
