public import TapCore

/// From so far to so far away from the present, both ends included, in the direction of the operator.
public struct FormulaWindow: Sendable, Hashable {
    public var from: Nanoseconds
    /// `unbounded`: as far back as anything is known.
    public var to: Nanoseconds

    public static let unbounded = Nanoseconds(.max)

    /// nil: a negative end, or the second before the first.
    public init?(_ from: Nanoseconds, _ to: Nanoseconds) {
        guard from >= .zero, from <= to, from < FormulaWindow.unbounded else { return nil }
        self.from = from
        self.to = to
    }

    /// From the present to so far away. A negative length counts as nothing.
    public init(upTo length: Nanoseconds) {
        from = .zero
        to = max(.zero, length)
    }

    public var isBounded: Bool { to < FormulaWindow.unbounded }

    var text: String {
        "[\(DurationText.exact(from)), " + (isBounded ? "\(DurationText.exact(to))]" : "inf)")
    }
}
