/// A tag of a source, as expressions write it: `hmi.LEVEL`.
public struct TagName: Sendable, Hashable, CustomStringConvertible {
    public var source: String
    public var tag: String

    public init(source: String, tag: String) {
        self.source = source
        self.tag = tag
    }

    public var description: String { "\(source).\(tag)" }
}
