public import TapCore

/// An installation as one file describes it: what the wires carry, and what is said of them.
///
/// Plain values in SI base units without prefix; `SiteFile` reads them. docs/sites.md says what each key means.
public struct Site: Sendable {
    public var name: String
    public var title: String
    /// Of every clock that a claim names, as `Europe/Berlin`; empty: none is said.
    public var zone = ""
    /// The board or scenario file whose names the signals have, as it is found from here; nil: none is named.
    public var board: String?
    public var assets: [SiteAsset] = []
    public var signals: [SiteSignal] = []
    public var sources: [SiteClaimSource] = []
    /// In an order in which each uses only those before it.
    public var words: [SiteWord] = []
    public var rules: [SiteRule] = []
    public var work: [SiteWork] = []
    /// Where the service keeps what it records; nil: nowhere.
    public var record: Record?

    public init(name: String, title: String) {
        self.name = name
        self.title = title
    }

    public struct Record: Sendable, Hashable {
        public var store: String
        /// Segments together at most, in bytes; nil: as many as there is room for.
        public var keepBytes: UInt64?
        /// Of recorded time at most; nil: for ever.
        public var keepFor: Nanoseconds?
    }
}
