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
    /// Buckets of the latest values, which are not in `counts` yet: `waiting` of them.
    ///
    /// Where hundreds of histograms take turns, none is in a cache. Waiting for the memory of many counts at once takes
    /// little longer than waiting for that of one.
    private var latest = InlineArray<16, UInt16>(repeating: 0)
    private var waiting = 0
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
        if waiting == latest.count { settle() }
        latest[waiting] = UInt16(truncatingIfNeeded: Histogram.bucket(of: value))
        waiting &+= 1
        count &+= 1
        if value < minimum { minimum = value }
        if value > maximum { maximum = value }
    }

    /// Counts what waits.
    @inline(never)
    private mutating func settle() {
        Histogram.add(latest, waiting, to: &counts)
        waiting = 0
    }

    /// A function of its own, so that it is asked once whether the counts are shared.
    private static func add(_ buckets: InlineArray<16, UInt16>, _ number: Int, to counts: inout [UInt64]) {
        var span = counts.mutableSpan
        for index in 0..<number { span[Int(buckets[index])] &+= 1 }
    }

    /// Adds `number` values at once, of which none is greater than the one before it.
    ///
    /// - Parameter value: of an index from 0 on.
    @inline(__always)
    mutating func add(falling number: Int, _ value: (Int) -> UInt64) {
        guard number > 0 else { return }
        count &+= UInt64(number)
        maximum = max(maximum, value(0))
        minimum = min(minimum, value(number - 1))
        Histogram.add(falling: number, value, to: &counts)
    }

    /// As above. Many values in a row are in one bucket mostly, and then only the first and the last of each
    /// few are looked at.
    @inline(__always)
    private static func add(falling number: Int, _ value: (Int) -> UInt64, to counts: inout [UInt64]) {
        var span = counts.mutableSpan
        var start = 0
        while start < number {
            let end = min(start &+ 16, number)
            let first = bucket(of: value(start))
            if first == bucket(of: value(end &- 1)) {
                span[first] &+= UInt64(truncatingIfNeeded: end &- start)
            } else {
                for index in start..<end { span[bucket(of: value(index))] &+= 1 }
            }
            start = end
        }
    }

    /// Adds what another has counted.
    public mutating func add(_ other: Histogram) {
        var other = other
        other.settle()
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
        let waiting = (0..<waiting).map { Int(latest[$0]) }.sorted()
        var next = 0
        var seen: UInt64 = 0
        for (bucket, number) in counts.enumerated() {
            seen += number
            while next < waiting.count, waiting[next] == bucket {
                seen += 1
                next += 1
            }
            if seen >= rank { return min(max(Histogram.value(of: bucket), minimum), maximum) }
        }
        return maximum
    }
}
