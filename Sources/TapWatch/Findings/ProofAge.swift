import TapCore

/// When a rule was last put to the proof: what it asks about was so, and what it asks for followed.
struct ProofAge {
    let rule: Int
    /// How long ago that may be.
    let limit: Nanoseconds
    let horizon: Int64
    /// Since the session's start, until when it was so the last time; nil: never.
    private(set) var last: Nanoseconds?
    /// It is so now.
    private(set) var isNow = false
    /// When that is too long ago.
    private(set) var due: Int64
    var finding: Finding?

    /// - Parameter last: negative: of a watch before this one.
    init(rule: Int, limit: Nanoseconds, horizon: Nanoseconds, last: Nanoseconds?) {
        self.rule = rule
        self.limit = limit
        self.horizon = horizon.count
        self.last = last
        due = max(0, ((last ?? .zero) + limit).count)
    }

    mutating func decide(_ truth: Truth, from time: Int64) {
        if truth == .true || isNow { last = Nanoseconds(time) }
        if isNow, truth != .true { due = (Nanoseconds(time) + limit).count }
        isNow = truth == .true
        if isNow { due = .max }
    }
}
