public import TapCore

/// What a look at a whole store found.
public struct Verification: Sendable {
    /// What is not as it should be.
    public struct Finding: Sendable, Hashable {
        public enum Kind: String, Sendable, CaseIterable {
            /// Bytes are not what the log says.
            case altered
            /// What the log says is not there.
            case missing
            /// Nothing is known of a span: the log has no chunk of it, and does not say that nobody recorded.
            case unknown
            /// No signature covers it, or not the right one.
            case unproven
            /// The medium gives an error.
            case unreadable
            /// It is there and no entry says so.
            case extra
            /// An entry says something else than the records of its chunk give.
            case contradiction
            /// A checkpoint that was noted elsewhere is of another history.
            case forked
        }

        public var kind: Kind
        /// The file, with bytes or the entry.
        public var place: String
        public var what: String
        /// Of a chunk: whose records, and in which span.
        public var span: Span?
    }

    /// Records of one source.
    public struct Span: Sendable, Hashable {
        public var session: UInt64
        public var source: String
        /// In the source's clock.
        public var from: Timestamp
        public var to: Timestamp
        /// Nanoseconds since 1970 by the machine's clock at the session's start; nil: there was no date.
        public var utcFrom: UInt64?
        public var utcTo: UInt64?
    }

    /// One session of recording.
    public struct Session: Sendable, Hashable {
        public var number: UInt64
        /// By the machine's clock; 0: no date.
        public var utcStart: UInt64
        public var version: String
        public var provenance: [String]
        /// Why it ended; nil: by a cut, or it still goes on.
        public var end: String?
        public var utcEnd: UInt64?
        public var edges: UInt64 = 0
        public var scans: UInt64 = 0
        public var events: UInt64 = 0
        public var chunks: UInt64 = 0
        /// Of notes, as many as are known.
        public var notesLost: UInt64 = 0
    }

    /// An operator had recording paused.
    public struct Pause: Sendable, Hashable {
        public var session: UInt64
        /// When it was asked for, by the machine's clock, nanoseconds since 1970.
        public var utcFrom: UInt64
        /// nil: until the session ended.
        public var utcTo: UInt64?
        public var why: String
        public var author: String
    }

    /// When a session's entries were made, by clocks outside.
    public struct Outside: Sendable, Hashable {
        public var session: UInt64
        /// Seconds since 1970; nil: no cosignature or time stamp was entered before.
        public var noOlder_s: UInt64?
        /// Entries of the log before `size` existed at `by_s`; nil: nothing of the session was cosigned or stamped.
        public var size: UInt64 = 0
        public var by_s: UInt64?
        /// Indexes of its first entry and its last.
        let first: UInt64
        var last: UInt64
        var chunks: UInt64 = 0

        /// All of it existed at `by_s`.
        public var isWhole: Bool { size > last }

        init(session: UInt64, first: UInt64) { (self.session, self.first, last) = (session, first, first) }
    }

    /// By the clocks of a policy's witnesses.
    public var outside: [Outside] = []
    /// By time stamps that authorities signed.
    public var stamped: [Outside] = []
    /// Time stamps in the log, those of them whose signature holds, and by whom.
    public var stamps: (entered: UInt64, holding: UInt64, authorities: [String]) = (0, 0, [])
    public var pauses: [Pause] = []
    public var origin = ""
    public var provenance = ""
    /// The newest checkpoint that is signed by both keys.
    public var checkpoint: Checkpoint?
    /// Entries; of those before `sealed` a closed epoch's key has signed; those before `witnessed` are covered by a checkpoint
    /// that was noted elsewhere.
    public var size: UInt64 = 0
    public var sealed: UInt64 = 0
    public var witnessed: UInt64 = 0
    /// Entries that are covered by a checkpoint with as many cosignatures as the policy asks for, and by whom.
    public var cosigned: UInt64 = 0
    public var cosigners: [Cosigner] = []
    public var epochs: UInt64 = 0
    public var sessions: [Session] = []
    public var segments: UInt64 = 0
    public var dropped: UInt64 = 0
    /// Bytes whose digest was compared.
    public var bytes: UInt64 = 0
    /// The first hundred; `findingCount` counts all.
    public private(set) var findings: [Finding] = []
    public private(set) var findingCount: UInt64 = 0
    /// What could not be looked at, and other words for people.
    public var remarks: [String] = []
    /// What was written behind the newest checkpoint, in the time of the sources that wrote: nil: nothing.
    public var unsigned: Nanoseconds?

    static let mostFindings = 100

    /// What a policy makes of cosigned checkpoints.
    ///
    /// - Parameters:
    ///   - full: with as many cosignatures as it asks for.
    ///   - part: with fewer.
    mutating func take(
        _ policy: WitnessPolicy, _ full: (size: UInt64, cosigners: [Cosigner])?,
        _ part: (size: UInt64, cosigners: [Cosigner])?
    ) {
        if let full {
            (cosigned, cosigners) = (full.size, full.cosigners)
        } else if policy.asksForWitnesses {
            let some = part.map {
                "; one of \($0.size) entries is cosigned by \($0.cosigners.map(\.name).joined(separator: ", "))"
            }
            add(
                .unproven, "policy",
                "no checkpoint has the cosignatures that '\(policy.quorumName)' asks for" + (some ?? ""))
        }
    }

    mutating func take(_ stamped: OutsideClock) {
        self.stamped = stamped.sessions
        stamps = stamped.stamps
    }

    mutating func add(_ kind: Finding.Kind, _ place: String, _ what: String, _ span: Span? = nil) {
        findingCount += 1
        guard findings.count < Verification.mostFindings else { return }
        findings.append(Finding(kind: kind, place: place, what: what, span: span))
    }
}
