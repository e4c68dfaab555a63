public import TapCore

/// What a PLC, HMI or SCADA says at one time about one tag. It need not be true.
public struct Claim: Sendable, Hashable {
    /// When it was said (arrival); the value may be older by a polling period.
    public var time: Timestamp
    /// Who says it, as `hmi`, `plc`.
    public var source: String
    public var tag: String
    public var value: Value

    public enum Value: Sendable, Hashable {
        case bool(Bool)
        case number(Double, unit: String)
        case text(String)
    }

    public init(time: Timestamp, source: String, tag: String, value: Value) {
        self.time = time
        self.source = source
        self.tag = tag
        self.value = value
    }
}
