/// An expression with a name.
public struct SiteWord: Sendable, Hashable {
    public enum Meaning: Sendable, Hashable {
        case condition(Condition)
        case measure(Measure, Dimension)
    }

    public var name: String
    public var meaning: Meaning
}
