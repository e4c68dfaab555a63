/// What a value can be: from `low` to `high`, in the SI's base. A span with an end that is not finite is unknown.
struct ValueSpan: BitwiseCopyable, Sendable {
    var low: Double
    var high: Double

    static let unknown = ValueSpan(low: .nan, high: .nan)

    init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    /// - Parameter accuracy: how far the truth may be from it.
    init(_ value: Double, accuracy: Double = 0) { self.init(low: value - accuracy, high: value + accuracy) }

    var isKnown: Bool { low.isFinite && high.isFinite }
    /// The largest that its size can be.
    var greatestSize: Double { max(abs(low), abs(high)) }

    static func + (left: Self, right: Self) -> Self { Self(low: left.low + right.low, high: left.high + right.high) }
    static func - (left: Self, right: Self) -> Self { Self(low: left.low - right.high, high: left.high - right.low) }
    static prefix func - (span: Self) -> Self { Self(low: -span.high, high: -span.low) }

    static func * (left: Self, right: Self) -> Self {
        guard left.isKnown, right.isKnown else { return .unknown }
        let (a, b) = (left.low * right.low, left.low * right.high)
        let (c, d) = (left.high * right.low, left.high * right.high)
        return Self(low: min(min(a, b), min(c, d)), high: max(max(a, b), max(c, d)))
    }

    /// Unknown where the divisor may be 0.
    static func / (left: Self, right: Self) -> Self {
        guard right.isKnown, right.low > 0 || right.high < 0 else { return .unknown }
        return left * Self(low: 1 / right.high, high: 1 / right.low)
    }

    func power(_ exponent: Int) -> Self {
        guard isKnown else { return .unknown }
        func raised(_ base: Double) -> Double {
            var result = 1.0
            for _ in 0..<exponent { result *= base }
            return result
        }
        let (first, second) = (raised(low), raised(high))
        guard exponent % 2 == 0 else { return Self(low: first, high: second) }
        return Self(low: low <= 0 && high >= 0 ? raised(0) : min(first, second), high: max(first, second))
    }

    var magnitude: Self {
        guard isKnown else { return .unknown }
        return low >= 0 ? self : high <= 0 ? -self : Self(low: 0, high: greatestSize)
    }

    func least(_ other: Self) -> Self {
        guard isKnown, other.isKnown else { return .unknown }
        return Self(low: min(low, other.low), high: min(high, other.high))
    }

    func greatest(_ other: Self) -> Self {
        guard isKnown, other.isKnown else { return .unknown }
        return Self(low: max(low, other.low), high: max(high, other.high))
    }

    func isAtLeast(_ other: Self) -> Truth {
        guard isKnown, other.isKnown else { return .unknown }
        return low >= other.high ? .true : high < other.low ? .false : .unknown
    }

    /// Both may be the same within a tolerance; differing more than `absolute` and more than `relative` of the larger.
    func mayEqual(_ other: Self, absolute: Double, relative: Double) -> Truth {
        guard isKnown, other.isKnown else { return .unknown }
        let apart = max(0, max(low - other.high, other.low - high))
        return Truth(apart <= max(absolute, relative * max(greatestSize, other.greatestSize)))
    }
}

extension ValueSpan: Equatable {}
