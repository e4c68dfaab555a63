/// Counts of values in buckets less than 1% wide: exact below 128, then 128 buckets for each power of two.
///
/// Fixed size (60 KiB), no allocation after birth. Not thread-safe.
///
/// ```swift
/// var delays = Histogram()
/// for delay_us in [80, 90, 120] as [UInt64] { delays.add(delay_us) }
/// let median = delays.quantile(0.5)  // 90
/// ```
public struct Histogram: Sendable {
    private static let subBits = 7
    private static let buckets = (64 - subBits + 1) << subBits

    private var counts: [UInt64]
    public private(set) var count: UInt64 = 0
    public private(set) var minimum: UInt64 = .max
    public private(set) var maximum: UInt64 = 0

    public init() { counts = Array(repeating: 0, count: Histogram.buckets) }

    @inline(__always)
    private static func bucket(of value: UInt64) -> Int {
        // Without a branch: values below 256 are exact, so they may pass for one of 255.
        let shift = 63 - subBits - (value | 255).leadingZeroBitCount
        return shift &<< subBits &+ Int(truncatingIfNeeded: value &>> UInt64(truncatingIfNeeded: shift))
    }

    /// The middle of a bucket.
    private static func value(of bucket: Int) -> UInt64 {
        let group = bucket >> subBits
        guard group > 0 else { return UInt64(bucket) }
        let shift = UInt64(group - 1)
        let low = UInt64(bucket - group << subBits + 1 << subBits) << shift
        return low + (1 << shift) / 2
    }

    public mutating func add(_ value: UInt64) {
        counts[Histogram.bucket(of: value)] &+= 1
        count &+= 1
        if value < minimum { minimum = value }
        if value > maximum { maximum = value }
    }

    /// Adds `number` values at once.
    ///
    /// - Parameter value: of an index from 0 on.
    @inline(__always)
    mutating func add(_ number: Int, _ value: (Int) -> UInt64) {
        (minimum, maximum) = Histogram.add(number, value, to: &counts, minimum, maximum)
        count &+= UInt64(number)
    }

    /// By itself, so that it is asked once whether the counts are shared.
    @inline(__always)
    private static func add(
        _ number: Int, _ value: (Int) -> UInt64, to counts: inout [UInt64], _ minimum: UInt64, _ maximum: UInt64
    ) -> (UInt64, UInt64) {
        var span = counts.mutableSpan
        var (minimum, maximum) = (minimum, maximum)
        for index in 0..<number {
            let value = value(index)
            span[bucket(of: value)] &+= 1
            minimum = min(minimum, value)
            maximum = max(maximum, value)
        }
        return (minimum, maximum)
    }

    /// Adds what another has counted.
    public mutating func add(_ other: Histogram) {
        for bucket in counts.indices { counts[bucket] &+= other.counts[bucket] }
        count &+= other.count
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
    }

    /// The value below or at which this share of the values lies, within 1%; nil if there are none.
    ///
    /// - Parameter share: 0 to 1; less, or not a number, traps.
    public func quantile(_ share: Double) -> UInt64? {
        guard count > 0 else { return nil }
        precondition(share >= 0, "a share is from 0 to 1")
        // 100 * 0.07 is a little more than 7 in binary, and the 7th is meant.
        let rank = UInt64(max(1, min(Double(count), (Double(count) * share - 1e-6).rounded(.up))))
        if rank == 1 { return minimum }
        if rank >= count { return maximum }
        var seen: UInt64 = 0
        for (bucket, number) in counts.enumerated() {
            seen += number
            if seen >= rank { return min(max(Histogram.value(of: bucket), minimum), maximum) }
        }
        return maximum
    }
}
