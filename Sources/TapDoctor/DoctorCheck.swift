import TapDriver

/// One thing that `Doctor` looked at.
public struct DoctorCheck: Sendable, Hashable {
    public enum Verdict: String, Sendable, Hashable, CaseIterable {
        /// Nothing stands in the way.
        case fine
        /// tap works, and says less or less surely than it could.
        case degraded
        /// What tap is for cannot be done.
        case broken
        /// It could not be checked, which never counts as fine.
        case unknown
    }

    /// What was looked at, in one or two words; the same in every version.
    public var check: String
    public var verdict: Verdict
    /// What is there.
    public var found: String
    /// Why the verdict is not fine; empty where it is.
    public var why: String
    /// What to do about it: a sentence; each further line is one to paste. May be empty.
    public var remedy: String

    public init(_ check: String, _ verdict: Verdict, _ found: String, why: String = "", remedy: String = "") {
        self.check = check
        self.verdict = verdict
        self.found = found
        self.why = why
        self.remedy = remedy
    }

    static func fine(_ check: String, _ found: String) -> Self { Self(check, .fine, found) }
    static func degraded(_ check: String, _ found: String, why: String, remedy: String) -> Self {
        Self(check, .degraded, found, why: why, remedy: remedy)
    }
    static func broken(_ check: String, _ found: String, why: String, remedy: String) -> Self {
        Self(check, .broken, found, why: why, remedy: remedy)
    }
    static func unknown(_ check: String, _ found: String, why: String, remedy: String = "") -> Self {
        Self(check, .unknown, found, why: why, remedy: remedy)
    }
}
