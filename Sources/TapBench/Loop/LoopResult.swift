public import TapCore

/// What a loop found.
public struct LoopResult: Sendable {
    /// One thing that must hold of a line.
    public struct Check: Sendable, Hashable {
        public enum Verdict: Sendable, Hashable { case passed, failed, skipped }
        public var name: String
        public var verdict: Verdict
        /// What was found, a sentence without a full stop.
        public var found: String
        /// How long it took.
        public var took: Nanoseconds

        public init(_ name: String, _ verdict: Verdict, _ found: String, took: Nanoseconds) {
            self.name = name
            self.verdict = verdict
            self.found = found
            self.took = took
        }
    }

    public struct Line: Sendable, Hashable {
        public var name: String
        public var checks: [Check] = []
        public var shortestPulse: Nanoseconds?
        /// Pulses of that width, all seen.
        public var pulses: UInt64 = 0
        /// The longest pulse that was missed; nil: none was.
        public var longestLost: Nanoseconds?
        public var losslessRate_hz: UInt64?
        /// Edges seen here while only other lines were driven.
        public var crosstalk: UInt64 = 0

        public init(_ name: String) { self.name = name }
    }

    public var lines: [Line]
    /// Changes driven in all.
    public var changes: UInt64 = 0
    /// From the beginning of a write to the stamp of its edge, nanoseconds: of changes far apart.
    public var latency = Histogram()
    /// How far a stamp lay outside its write.
    public var stampError = Histogram()
    public var writes = Histogram()
    public var ringDelays = Histogram()

    public init(_ names: [String]) { lines = names.map { Line($0) } }

    public var checks: [Check] { lines.flatMap(\.checks) }
    public var hasFailed: Bool { checks.contains { $0.verdict == .failed } }
}
