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
    public static func - (time: Self, span: Nanoseconds) -> Self { time + Nanoseconds(-span.count) }

    /// Signed; the two must be of one clock domain.
    @inlinable
    public static func - (left: Self, right: Self) -> Nanoseconds {
        Nanoseconds(Int64(bitPattern: left.nanoseconds &- right.nanoseconds))
    }
}

/// A length of time in whole nanoseconds, signed.
@frozen
public struct Nanoseconds: BitwiseCopyable, Sendable, Hashable, Comparable {
    public var count: Int64

    @inlinable
    public init(_ count: Int64) { self.count = count }

    public static let zero = Nanoseconds(0)
    @inlinable
    public static func microseconds(_ count: Int64) -> Self { Self(count * 1_000) }
    @inlinable
    public static func milliseconds(_ count: Int64) -> Self { Self(count * 1_000_000) }
    @inlinable
    public static func seconds(_ count: Int64) -> Self { Self(count * 1_000_000_000) }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.count < right.count }
    @inlinable
    public static func + (left: Self, right: Self) -> Self { Self(left.count + right.count) }
    @inlinable
    public static func - (left: Self, right: Self) -> Self { Self(left.count - right.count) }
    @inlinable
    public static func * (left: Self, right: Int64) -> Self { Self(left.count * right) }
}
