/// What a tag's claims must agree with.
public enum SiteAgreement: Sendable, Hashable {
    case condition(Condition)
    case measure(Measure)
    /// Rising edges of a line: in the tag's dimension where each edge is a quantity, or else bare.
    case edges(of: String, each: Double)
    /// In the SI's base.
    case approved(Double)
    /// For each word of the tag what must hold while it is said; nil: anything.
    case words([Condition?])
    /// The time of day in the site's zone.
    case clock
}
