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
