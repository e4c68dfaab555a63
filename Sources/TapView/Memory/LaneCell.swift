/// What was recorded of a lane within a bucket, as it is kept. NaN stands for unknown.
struct LaneCell: BitwiseCopyable, Sendable, Equatable {
    /// Its begin in widths of a bucket.
    var index: Int64
    var min = Double.nan
    var max = Double.nan
    var first = Double.nan
    var last = Double.nan
    var count: UInt64 = 0
    var isLost = false
    /// At its end, because of a loss.
    var isUnknownByLoss = false

    init(index: Int64) { self.index = index }

    mutating func add(_ value: Double, counts: Bool) {
        count &+= counts ? 1 : 0
        last = value
        guard value == value else { return }
        if first != first { first = value }
        // NaN is below nothing.
        if !(min <= value) { min = value }
        if !(max >= value) { max = value }
    }

    mutating func lose(_ isLoss: Bool, _ isUnknownByLoss: Bool) {
        isLost = isLost || isLoss
        self.isUnknownByLoss = isUnknownByLoss
    }

    mutating func add(_ later: LaneCell) {
        count &+= later.count
        isLost = isLost || later.isLost
        isUnknownByLoss = later.isUnknownByLoss
        if first != first { first = later.first }
        if later.min == later.min, !(min <= later.min) { min = later.min }
        if later.max == later.max, !(max >= later.max) { max = later.max }
        last = later.last
    }

    /// Buckets as they are shown: what was not known between cells is one.
    ///
    /// - Parameters:
    ///   - cells: in order, each with what the lane was before it.
    ///   - carry: what it was before all of them, and whether it was not known because of a loss.
    ///   - isHeld: between records it stays as it was, as a level does.
    static func buckets(
        _ cells: [(cell: LaneCell, entry: Double)], _ carry: Double, _ wasLost: Bool, width: Int64, from: Int64,
        to: Int64, isHeld: Bool
    ) -> [Bucket] {
        var buckets: [Bucket] = []
        var (reached, value, isLost) = (from, carry, wasLost)
        func fill(to end: Int64) {
            if value != value, end > reached { buckets.append(Bucket(at: reached, until: end, isLost: isLost)) }
        }
        func known(_ value: Double) -> Double? { value == value ? value : nil }
        for (cell, entry) in cells {
            let begin = cell.index * width
            fill(to: begin)
            var (low, high) = (cell.min, cell.max)
            if isHeld, entry == entry {
                if !(low <= entry) { low = entry }
                if !(high >= entry) { high = entry }
            }
            buckets.append(
                Bucket(
                    at: begin, until: begin + width, min: known(low), max: known(high), first: known(cell.first),
                    last: known(cell.last), count: cell.count, isLost: cell.isLost, isKnown: low == low))
            reached = begin + width
            isLost = cell.isUnknownByLoss
            value = cell.last
        }
        fill(to: to)
        return buckets
    }
}
