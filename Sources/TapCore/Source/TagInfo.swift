/// A tag as a session knows it: what somebody makes claims of.
public struct TagInfo: Sendable, Hashable {
    public var id: TagID
    /// As whoever makes the claims calls it: one of a kind among its own.
    public var name: String
    /// Who makes the claims, as "hmi" or "plc".
    public var source: String
    /// Of its numbers; empty: it has none.
    public var unit: String

    public init(id: TagID, name: String, source: String, unit: String = "") {
        self.id = id
        self.name = name
        self.source = source
        self.unit = unit
    }

    /// Who says it and of what, as "hmi LEVEL".
    public var title: String { "\(source) \(name)" }
}
