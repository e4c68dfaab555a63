public import TapCore

/// What people do at the installation, how it looks, and which findings it excuses for how long.
public struct SiteWork: Sendable, Hashable {
    /// What becomes of what is excused: nothing is dropped.
    public enum Handling: String, Sendable, Hashable, CaseIterable {
        case notice, log
    }

    public var name: String
    /// It goes on while this holds.
    public var seen: Condition
    /// Rules by name, agreements of tags as `hmi.LEVEL`, and the silence of a source as `hmi silent`.
    public var excuses: [String]
    public var longest: Nanoseconds
    /// How long afterwards it still excuses.
    public var after: Nanoseconds
    /// Excuses only with the permit of a person.
    public var needsPermit: Bool
    public var handling: Handling
    /// What somebody says who claims it. Without a permit that excuses nothing and is a finding; nil: nobody does.
    public var claimedBy: Condition?
}
