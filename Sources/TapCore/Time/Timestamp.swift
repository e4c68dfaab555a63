/// An instant: nanoseconds in the clock domain of whatever produced it (`ClockDomain`), never on its own a date.
///
/// 64 bits hold 584 years.
///
/// ```swift
/// let begin = Timestamp(nanoseconds: 1_000)
/// let end = begin + .microseconds(2)
/// let lasted = end - begin  // 2,000 ns
/// ```
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
