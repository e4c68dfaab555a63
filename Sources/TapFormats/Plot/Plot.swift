public import TapCore

/// What a picture of a capture shows beside its records. Times are those of its axis: since the session's origin.
public struct Plot: Sendable {
    public var from: Nanoseconds
    public var to: Nanoseconds
    public var title: String
    /// Spans that have a name.
    public var bands: [Band]
    /// Sentences below the axis, as those of a board.
    public var notes: [String]

    public init(
        from: Nanoseconds, to: Nanoseconds, title: String, bands: [Band] = [], notes: [String] = []
    ) {
        self.from = from
        self.to = to
        self.title = title
        self.bands = bands
        self.notes = notes
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
