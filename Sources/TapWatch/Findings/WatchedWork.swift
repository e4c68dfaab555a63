public import TapConfig

/// What people do at an installation: while it is seen, and so long afterwards, it excuses what some rules find.
public struct WatchedWork: Sendable, Hashable {
    public var name: String
    /// Rules by name.
    public var excuses: [String]
    public var handling: SiteWork.Handling
    /// True while it excuses, but for a permit.
    public var formula: Formula
    /// True while a person permits it; nil: it needs no permit.
    public var permit: Formula?

    public init(
        name: String, excuses: [String], handling: SiteWork.Handling = .notice, formula: Formula, permit: Formula? = nil
    ) {
        self.name = name
        self.excuses = excuses
        self.handling = handling
        self.formula = formula
        self.permit = permit
    }
}
