/// An instant: nanoseconds in the clock domain of whatever produced it (`ClockDomain`), never by itself a date.
///
/// 64 bits hold 584 years.
@frozen
public struct Timestamp: BitwiseCopyable, Sendable, Hashable, Comparable {
    public var nanoseconds: UInt64

    @inlinable
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    public static let zero = Timestamp(nanoseconds: 0)
    /// Later than every instant that is measured.
    public static let distantFuture = Timestamp(nanoseconds: .max)

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Stops at `distantFuture`.
    @inlinable
    public static func + (time: Self, span: Nanoseconds) -> Self {
        let (sum, overflow) = time.nanoseconds.addingReportingOverflow(UInt64(bitPattern: span.count))
        guard (span.count < 0) == overflow else { return span.count < 0 ? .zero : .distantFuture }
        return Timestamp(nanoseconds: sum)
    }

    /// Stops at zero.
    @inlinable
    public static func - (time: Self, span: Nanoseconds) -> Self {
        let (difference, overflow) = time.nanoseconds.subtractingReportingOverflow(UInt64(bitPattern: span.count))
        guard (span.count < 0) == overflow else { return span.count < 0 ? .distantFuture : .zero }
        return Timestamp(nanoseconds: difference)
    }

    /// Signed, stops at the longest span; the two must be of one clock domain.
    @inlinable
    public static func - (left: Self, right: Self) -> Nanoseconds {
        let (difference, isNegative) = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
        let count = Int64(bitPattern: difference)
        guard (count < 0) == isNegative else { return Nanoseconds(isNegative ? .min : .max) }
        return Nanoseconds(count)
    }
}

/// A length of time in whole nanoseconds, signed. Arithmetic stops at the longest span, 292 years either way: a foreign
/// file's nonsense must not trap a recorder.
@frozen
public struct Nanoseconds: BitwiseCopyable, Sendable, Hashable, Comparable {
    public var count: Int64

    @inlinable
    public init(_ count: Int64) { self.count = count }

    public static let zero = Nanoseconds(0)
    @inlinable
    public static func microseconds(_ count: Int64) -> Self { Self(count) * 1_000 }
    @inlinable
    public static func milliseconds(_ count: Int64) -> Self { Self(count) * 1_000_000 }
    @inlinable
    public static func seconds(_ count: Int64) -> Self { Self(count) * 1_000_000_000 }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.count < right.count }
    @inlinable
    public static func + (left: Self, right: Self) -> Self {
        let (sum, overflow) = left.count.addingReportingOverflow(right.count)
        return Self(overflow ? (left.count < 0 ? .min : .max) : sum)
    }
    @inlinable
    public static func - (left: Self, right: Self) -> Self {
        let (difference, overflow) = left.count.subtractingReportingOverflow(right.count)
        return Self(overflow ? (left.count < 0 ? .min : .max) : difference)
    }
    @inlinable
    public static func * (left: Self, right: Int64) -> Self {
        let (product, overflow) = left.count.multipliedReportingOverflow(by: right)
        return Self(overflow ? ((left.count < 0) == (right < 0) ? .max : .min) : product)
    }
}
