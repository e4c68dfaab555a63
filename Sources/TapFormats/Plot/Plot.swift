public import TapCore

/// What a picture of a capture shows beside its records. Times are those of its axis: since the session's origin.
public struct Plot: Sendable {
    public var from: Nanoseconds
    public var to: Nanoseconds
    public var title: String
    /// What was claimed, in order of time.
    public var claims: [Claim]
    /// Spans that have a name.
    public var bands: [Band]

    public init(
        from: Nanoseconds, to: Nanoseconds, title: String, claims: [Claim] = [], bands: [Band] = []
    ) {
        self.from = from
        self.to = to
        self.title = title
        self.claims = claims
        self.bands = bands
    }

    public struct Claim: Sendable, Hashable {
        public enum Value: Sendable, Hashable {
            case bool(Bool)
            case number(Double)
            case text(String)
        }
        public var time: Nanoseconds
        /// Who says it and of what, as "hmi LEVEL": claims of one name share a lane.
        public var name: String
        public var unit: String
        public var value: Value

        public init(time: Nanoseconds, name: String, unit: String = "", value: Value) {
            self.time = time
            self.name = name
            self.unit = unit
            self.value = value
        }
    }

    public struct Band: Sendable, Hashable {
        public enum Kind: String, Sendable, Hashable, CaseIterable { case operation, attack, fault }
        public var kind: Kind
        public var name: String
        public var from: Nanoseconds
        /// nil: it lasts.
        public var to: Nanoseconds?

        public init(_ kind: Kind, name: String, from: Nanoseconds, to: Nanoseconds?) {
            self.kind = kind
            self.name = name
            self.from = from
            self.to = to
        }
    }
}
