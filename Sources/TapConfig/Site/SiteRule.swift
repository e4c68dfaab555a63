public import TapCore

/// What must hold.
public struct SiteRule: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Something is not as it should be: fault, attack or mistake.
        case deviation
        /// The process leaves its bounds, perhaps with everything in order.
        case process
    }

    public enum Severity: String, Sendable, Hashable, CaseIterable {
        case low, medium, high
    }

    /// So many starts in so long.
    public struct Limit: Sendable, Hashable {
        public var count: Int
        public var span: Nanoseconds
    }

    public enum Body: Sendable, Hashable {
        /// Broken where `when` has held for `within` and `then` has not, all the while. `bothWays`: likewise where `then`
        /// holds and `when` does not. `atMost`: only this long from when `when` began.
        case response(when: Condition, then: Condition, within: Nanoseconds, bothWays: Bool, atMost: Nanoseconds?)
        /// Broken where it has held for so long.
        case never(Condition, for: Nanoseconds)
        /// Broken where it has been false for so long.
        case always(Condition, for: Nanoseconds)
        /// Broken where it became true more often.
        case count(Condition, [Limit])
        /// Broken where both differ by more than `absolute` and by more than `relative` of the larger.
        case balance(Measure, against: Measure, absolute: Double, relative: Double, over: Nanoseconds)
        /// Broken where the first exceeds the second by more than `slack`.
        case bound(Measure, atMost: Measure, slack: Double, over: Nanoseconds)
        /// Whenever one of these lines rises after `after` held, `needs` must hold; and they rise in turn, where each may
        /// while its condition of `turns` holds (one for each line; empty: any order).
        case start(of: [String], after: Condition?, needs: Condition?, turns: [Condition])
        /// Must hold at every time.
        case formula(Condition)
    }

    public var name: String
    /// Empty: of the whole installation.
    public var asset = ""
    public var kind = Kind.deviation
    public var severity = Severity.medium
    /// Only while this holds; nil: always.
    public var guarding: Condition?
    /// For how long the guard must have held again.
    public var settle = Nanoseconds.zero
    public var body: Body
    /// How long ago it may have been that the rule was last put to the proof; nil: any time.
    public var provenEvery: Nanoseconds?
    /// nil: a finding is over as soon as the rule is not broken.
    public var clearing: SiteClearing?
}
