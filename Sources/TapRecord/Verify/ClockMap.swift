import TapCore

/// What a session's clock fixes say of UTC and the gateway's monotonic clock.
struct ClockMap: Sendable {
    /// UTC less monotonic time, nanoseconds, with the half width of what each may be off by. Those that differ by less than a
    /// millisecond are one.
    private(set) var offsets: [(least: Int64, most: Int64)] = []

    static let mergedBelow: Int64 = 1_000_000

    mutating func add(_ fix: ClockFix) {
        let offset = Int64(bitPattern: fix.utcNanoseconds &- fix.monotonic.nanoseconds)
        let uncertainty = fix.bracket.count / 2 + 1
        let (least, most) = (offset &- uncertainty, offset &+ uncertainty)
        for index in offsets.indices
        where least <= offsets[index].most &+ ClockMap.mergedBelow
            && most >= offsets[index].least &- ClockMap.mergedBelow
        {
            offsets[index] = (min(least, offsets[index].least), max(most, offsets[index].most))
            return
        }
        offsets.append((least, most))
    }

    /// Where on the monotonic clock a span of UTC may lie: all candidates, apart.
    func candidates(_ from: UInt64, _ to: UInt64) -> [(from: Int64, to: Int64)] {
        offsets.map { (Int64(bitPattern: from) &- $0.most, Int64(bitPattern: to) &- $0.least) }
    }
}
