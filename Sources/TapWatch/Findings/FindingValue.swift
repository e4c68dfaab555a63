/// What a wire carried, or a source said, when a finding was known.
public struct FindingValue: Sendable, Hashable {
    /// A signal, or a tag as `hmi.LEVEL`.
    public var name: String
    /// It is what a source says.
    public var isSaid: Bool
    /// As people read it: `3.62 m`, `high`, `auto`; nil: not known.
    public var text: String?

    public init(name: String, isSaid: Bool, text: String?) {
        self.name = name
        self.isSaid = isSaid
        self.text = text
    }
}

extension FindingValue: CustomStringConvertible {
    /// `LT1 is 3.62 m`, `hmi.LEVEL says 1.5 m`.
    public var description: String {
        guard let text else { return "\(name) is not known" }
        return "\(name) \(isSaid ? "says" : "is") \(text)"
    }
}
