public import TapCore

/// What whoever reads claims of a file knows and the file does not say.
public struct ClaimsOptions: Sendable {
    /// When wires begin beside which the claims are given: those of before are left out.
    public struct Start: Sendable {
        /// Nanoseconds since 1970; nil: the wires have no date.
        public var utc_ns: UInt64?
        /// In the clock of the wires, which numbers of no date are of.
        public var origin: Timestamp

        public init(utc_ns: UInt64?, origin: Timestamp) {
            self.utc_ns = utc_ns
            self.origin = origin
        }
    }

    /// What is looked for.
    public var tags: [ClaimTag]
    /// Whose claims they are where the file does not say it; nil: a tag's name alone says it.
    public var source: String?
    /// Of dates that have none.
    public var zone: ZoneRules?
    /// nil: with the first claim.
    public var start: Start?
    /// Nanoseconds since 1970 that nothing can have happened after; nil: anything can.
    public var latest_ns: UInt64?
    /// `remarks` name all that the file names and nobody looks for, 4,096 at most; otherwise some of it.
    public var namesAll = false
    /// Between the cells of a table; nil: as the table shows.
    public var separator: UInt8?
    /// Of names; nil: UTF-8, or else Windows-1252.
    public var encoding: TextEncoding?

    public init(_ tags: [ClaimTag]) { self.tags = tags }
}
