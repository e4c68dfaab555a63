public import TapCore

/// What a store can say of one line, tag or device between two times.
public struct Completeness: Sendable {
    public enum Answer: Sendable, Hashable {
        /// No edge was detected, no claim was made.
        case silent
        /// So many edges, claims or scans were, and no loss was detected.
        case found(UInt64, first: Timestamp, last: Timestamp)
        /// It cannot be said.
        case unknown
    }

    /// Who could still write another history of it (docs/threats.md).
    public enum Grade: String, Sendable, Hashable {
        case consistent, sealed, witnessed
    }

    /// What one session says: the answer is split where the configuration can change.
    public struct Part: Sendable {
        public var answer: Answer = .unknown
        /// Why it cannot be said, each in a sentence; empty where it can.
        public var reasons: [String] = []
        /// Of the span, in the source's clock, widened by what the clocks are uncertain by; more than one where a step of the
        /// clock makes it ambiguous.
        public var spans: [(from: Timestamp, to: Timestamp)] = []
        /// 0: none.
        public var session: UInt64 = 0
        public var source = ""
        public var provenance = ""
        /// First 8 bytes of the digest of its configuration.
        public var configuration: [UInt8] = []
        /// Of a line, nil: not known, or it changed.
        public var isHigh: Bool?
        /// Of a line, readings of the level that agreed, in the span and up to the one that ended it; of a tag, claims of any
        /// tag of its source.
        public var readings: UInt64 = 0
        /// An upper bound of the time from one to the next.
        public var longestDistance = Nanoseconds.zero
        public var shortestPulse: Nanoseconds?
        public var grade = Grade.consistent
    }

    public var subject: AskedSubject
    /// In the order of the log; at least one.
    public var parts: [Part] = []
    public var checkpoint: Checkpoint?

    /// Of all parts: what cannot be said of one cannot be said.
    public var answer: Answer {
        var sum = Answer.silent
        for part in parts {
            switch (part.answer, sum) {
            case (.unknown, _): return .unknown
            case (.silent, _): break
            case (.found(let count, let first, let last), .found(let before, let earliest, _)):
                _ = first
                sum = .found(before + count, first: earliest, last: last)
            case (.found, _): sum = part.answer
            }
        }
        return parts.isEmpty ? .unknown : sum
    }

    public var reasons: [String] { parts.flatMap(\.reasons) }

    static func unknown(_ subject: AskedSubject, _ checkpoint: Checkpoint?, _ reasons: [String]) -> Completeness {
        var part = Part()
        part.reasons = reasons
        return Completeness(subject: subject, parts: [part], checkpoint: checkpoint)
    }
}
