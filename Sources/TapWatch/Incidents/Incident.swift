public import TapConfig
public import TapCore

/// Findings of one cause, as they are shown to a person.
public struct Incident: Sendable, Hashable {
    /// What became of it. `updated`: what may be behind it, or how bad it is, is another one than was said last.
    public enum Change: String, Sendable, Hashable {
        case opened, updated, reopened, closed
        /// Somebody looks after it, or says something of it.
        case acknowledged, noted
        /// It is of a watch before this one, and goes on.
        case resumed
    }

    /// A rule that was broken, or blind, with it.
    public struct Involved: Sendable, Hashable {
        public var rule: Int
        public var relation: RuleRelation
        /// How many findings of it there were.
        public var findings = 0
        public var standing = 0
        /// Of the first one, since the session's start.
        public var began: Nanoseconds
        public var known: Nanoseconds
        /// False: it rests on what is found false, so it says nothing of the cause.
        public var counts = true
    }

    /// What a wire carried or a source said.
    public struct Value: Sendable, Hashable {
        public var name: String
        /// As people read it; nil: not known.
        public var text: String?
        /// As `rising 0.11 m/min`; nil: not known, or it stands.
        public var trend: String?
        /// Of a line: what high means; empty: not said.
        public var meaning = ""
    }

    /// When the process passes a limit, if nothing changes.
    public struct Outlook: Sendable, Hashable {
        /// The rule that says so, and its limit as the site writes it.
        public var rule: String
        public var limit: String
        /// From `changed` on, by the rate of two minutes: about. Zero: it has passed it.
        public var inTime: Nanoseconds
    }

    /// From 1 on, in the order in which they opened.
    public var number: Int
    /// All times are since the session's start. Since when something is wrong; when that was known first.
    public var began: Nanoseconds
    public var known: Nanoseconds
    /// Of what was said of it last.
    public var changed: Nanoseconds
    /// Since when nothing of it is wrong; nil: something is.
    public var calm: Nanoseconds?
    public var reopenings = 0
    public var severity = SiteRule.Severity.low
    public var title = ""
    /// The first leads.
    public var explanations: [Explanation] = []
    /// Assets at which it is to be looked for, and assets that suffer from it.
    public var causes: [SiteAsset] = []
    public var effects: [SiteAsset] = []
    /// In the order in which they were known.
    public var involved: [Involved] = []
    public var wires: [Value] = []
    public var screen: [Value] = []
    public var outlook: Outlook?
    /// What it means for people, a sentence each.
    public var consequences: [String] = []
    /// Related rules that are in order, and those of which nothing is known.
    public var quiet: [String] = []
    public var unseen: [String] = []

    /// Rules that stood when the watch before this one ended, and of which nothing is known since.
    public var unresolved: [String] = []
    /// Rules of it that the site file has no more.
    public var removed: [String] = []
    /// What people said of it, in the order in which they did; of more than `mostRemarks` the first are kept.
    public var remarks: [IncidentRemark] = []
    /// Of those the first acknowledgement since it opened last; nil: nobody looks after it.
    public var acknowledgement: IncidentRemark?
    public static let mostRemarks = 100

    /// Findings that stand.
    public var standing: Int { involved.reduce(0) { $0 + $1.standing } }
    public var findings: Int { involved.reduce(0) { $0 + $1.findings } }
    /// The wires alone may give the picture: it is to be looked at before anybody is blamed.
    public var isUndecided: Bool {
        explanations.contains { $0.answer.isAim } && explanations.contains { !$0.answer.isAim }
    }
}
