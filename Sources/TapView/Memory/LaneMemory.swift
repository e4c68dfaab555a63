/// What a lane was, in several resolutions: each is four times as coarse as the one before it. Of fixed size: where a resolution
/// is full its oldest bucket is forgotten, and a coarser one reaches back farther. Only buckets in which something was recorded
/// are kept, so the memory of a quiet lane is longer.
struct LaneMemory: Sendable {
    static let finest: Int64 = 100_000_000
    static let levels = 9
    static let factor: Int64 = 4

    /// A bucket as it is kept: NaN stands for unknown.
    private struct Cell: BitwiseCopyable, Sendable {
        var index: Int64
        var min = Double.nan
        var max = Double.nan
        var first = Double.nan
        var last = Double.nan
        var count: UInt32 = 0
        var isLost = false

        mutating func add(_ value: Double, counts: Bool) {
            count &+= counts ? 1 : 0
            last = value
            guard value == value else { return }
            if first != first { first = value }
            // NaN is below nothing.
            if !(min <= value) { min = value }
            if !(max >= value) { max = value }
        }

        mutating func add(_ later: Cell) {
            count &+= later.count
            isLost = isLost || later.isLost
            if first != first { first = later.first }
            if later.min == later.min, !(min <= later.min) { min = later.min }
            if later.max == later.max, !(max >= later.max) { max = later.max }
            last = later.last
        }
    }

    /// Cells of one resolution, oldest first from `head` on.
    private struct Level: Sendable {
        var cells: ContiguousArray<Cell> = []
        var head = 0
        /// Being filled; nil: nothing has come.
        var open: Cell?
        /// Everything from here on is kept, by its number; `.min`: nothing was forgotten.
        var reach = Int64.min
        /// What it was where `reach` begins.
        var before = Double.nan

        mutating func push(_ cell: Cell, capacity: Int) {
            guard cells.count == capacity else { return cells.append(cell) }
            reach = cells[head].index + 1
            before = cells[head].last
            cells[head] = cell
            head = head + 1 == capacity ? 0 : head + 1
        }
    }

    private let capacity: Int
    private var levels: [Level]
    /// What it is now; NaN: unknown.
    private(set) var value = Double.nan
    /// Changes, exactly, oldest first from `changesHead` on.
    private var changes: ContiguousArray<(time: Int64, value: Double)> = []
    private var changesHead = 0
    private let mostChanges: Int
    /// All changes from then on are kept.
    private var changesReach = Int64.min

    /// - Parameters:
    ///   - capacity: buckets of each resolution.
    ///   - changes: changes that are kept exactly; 0: none.
    init(capacity: Int, changes: Int) {
        self.capacity = max(4, capacity)
        mostChanges = changes
        levels = Array(repeating: Level(), count: LaneMemory.levels)
    }

    static func width(_ level: Int) -> Int64 {
        var width = finest
        for _ in 0..<level { width *= factor }
        return width
    }

    /// - Parameters:
    ///   - value: NaN: unknown from then on.
    ///   - counts: an edge, a sample or a claim; not one that confirms.
    mutating func add(_ value: Double, at time: Int64, counts: Bool, isLoss: Bool = false) {
        let index = time / LaneMemory.finest
        if let open = levels[0].open, open.index != index { close(0) }
        levels[0].open = levels[0].open ?? Cell(index: index)
        levels[0].open?.add(value, counts: counts)
        if isLoss { levels[0].open?.isLost = true }
        let isChange = value != self.value && (value == value || self.value == self.value)
        self.value = value
        if mostChanges > 0, isChange { keep(time, value) }
    }

    /// Samples at even steps; of those, changes are not kept.
    mutating func add(_ samples: [Double], at begin: Int64, each period: Int64) {
        var place = 0
        while place < samples.count {
            let index = (begin &+ period &* Int64(place)) / LaneMemory.finest
            // The last one of the same bucket.
            let rest = (index + 1) * LaneMemory.finest - 1 - begin
            let last = period > 0 ? Int(min(Int64(samples.count - 1), rest / period)) : samples.count - 1
            if let open = levels[0].open, open.index != index { close(0) }
            var cell = levels[0].open ?? Cell(index: index)
            for sample in place...max(place, last) { cell.add(samples[sample], counts: true) }
            levels[0].open = cell
            place = max(place, last) + 1
        }
        if let last = samples.last { value = last }
    }

    private mutating func keep(_ time: Int64, _ value: Double) {
        guard changes.count == mostChanges else { return changes.append((time, value)) }
        changesReach = changes[changesHead].time + 1
        changes[changesHead] = (time, value)
        changesHead = changesHead + 1 == mostChanges ? 0 : changesHead + 1
    }

    /// What this resolution fills is over: it is kept, and is part of what the next one fills.
    private mutating func close(_ level: Int) {
        guard let open = levels[level].open else { return }
        levels[level].push(open, capacity: capacity)
        levels[level].open = nil
        guard level + 1 < levels.count else { return }
        let parent = open.index / LaneMemory.factor
        if let above = levels[level + 1].open, above.index != parent { close(level + 1) }
        if levels[level + 1].open == nil { levels[level + 1].open = Cell(index: parent) }
        levels[level + 1].open?.add(open)
    }

    /// Since when there is something of every time, in nanoseconds since the start.
    var reach: Int64 {
        let last = levels.count - 1
        return levels[last].reach == .min ? 0 : levels[last].reach * LaneMemory.width(last)
    }

    /// Each change from `from` to before `to`, exactly; nil: not all are kept, or there are more than `most`.
    func changes(from: Int64, to: Int64, most: Int) -> [(time: Int64, value: Double)]? {
        guard mostChanges > 0, from >= changesReach else { return nil }
        var found: [(time: Int64, value: Double)] = []
        for place in changes.indices {
            let change = changes[(changesHead + place) % changes.count]
            if change.time >= to { break }
            if change.time >= from { found.append(change) }
            if found.count > most { return nil }
        }
        return found
    }

    /// What it was just before `from`, and buckets that touch the time from there to before `to`: those without a record are
    /// left out as far as it was known then, and are one where it was not.
    ///
    /// - Parameters:
    ///   - count: so many buckets about, where they are not wider than this memory has them.
    ///   - isHeld: between records it stays as it was, as a level does.
    func span(from: Int64, to: Int64, count: Int, isHeld: Bool) -> (before: Double?, buckets: [Bucket]) {
        guard to > from, count > 0 else { return (nil, []) }
        let wanted = max(1, (to - from) / Int64(count))
        var level = 0
        while level + 1 < levels.count,
            LaneMemory.width(level + 1) <= wanted || start(of: level) > from
        {
            level += 1
        }
        let width = LaneMemory.width(level)
        let wide = max(1, (wanted + width - 1) / width) * width
        // Buckets at both ends are whole.
        let begin = max(LaneMemory.floor(from, wide), start(of: level))
        let end = LaneMemory.floor(to - 1, wide) + wide
        var (carry, before) = (levels[level].before, levels[level].before)
        var isLost = false
        var merged: [(cell: Cell, entry: Double)] = []
        for cell in cells(of: level) {
            if (cell.index + 1) * width <= from { before = cell.last }
            if (cell.index + 1) * width <= begin {
                carry = cell.last
                isLost = cell.last != cell.last && (cell.isLost || isLost)
                continue
            }
            if cell.index * width >= end { break }
            let number = LaneMemory.floor(cell.index * width, wide) / wide
            if let last = merged.indices.last, merged[last].cell.index == number {
                merged[last].cell.add(cell)
            } else {
                var first = cell
                first.index = number
                merged.append((first, merged.last?.cell.last ?? carry))
            }
        }
        if let exact = value(before: from) { before = exact }
        let buckets = laidOut(merged, carry, isLost, wide, from, to, isHeld).map { bucket in
            var bucket = bucket
            bucket.at = max(bucket.at, min(begin, from))
            return bucket
        }
        return (before == before ? before : nil, buckets)
    }

    private static func floor(_ time: Int64, _ step: Int64) -> Int64 {
        let rest = time % step
        return time - (rest < 0 ? rest + step : rest)
    }

    /// By the changes that are kept; NaN: unknown then; nil: they do not reach back so far.
    private func value(before time: Int64) -> Double? {
        guard mostChanges > 0 else { return nil }
        var found: Double? = changesReach == .min ? .nan : nil
        for place in changes.indices {
            let change = changes[(changesHead + place) % changes.count]
            if change.time >= time { break }
            found = change.value
        }
        return found
    }

    private func start(of level: Int) -> Int64 {
        levels[level].reach == .min ? .min : levels[level].reach * LaneMemory.width(level)
    }

    private func laidOut(
        _ merged: [(cell: Cell, entry: Double)], _ carry: Double, _ wasLost: Bool, _ width: Int64, _ from: Int64,
        _ to: Int64, _ isHeld: Bool
    ) -> [Bucket] {
        var buckets: [Bucket] = []
        var (reached, value, isLost) = (from, carry, wasLost)
        func fill(to end: Int64) {
            if value != value, end > reached { buckets.append(Bucket(at: reached, until: end, isLost: isLost)) }
        }
        for (cell, entry) in merged {
            let begin = cell.index * width
            fill(to: begin)
            var (low, high) = (cell.min, cell.max)
            if isHeld, entry == entry {
                if !(low <= entry) { low = entry }
                if !(high >= entry) { high = entry }
            }
            func known(_ value: Double) -> Double? { value == value ? value : nil }
            buckets.append(
                Bucket(
                    at: begin, until: begin + width, min: known(low), max: known(high), first: known(cell.first),
                    last: known(cell.last), count: UInt64(cell.count), isLost: cell.isLost, isKnown: low == low))
            reached = begin + width
            isLost = cell.last != cell.last && (cell.isLost || isLost)
            value = cell.last
        }
        fill(to: to)
        return buckets
    }

    /// With those that are being filled, in order.
    private func cells(of level: Int) -> [Cell] {
        let kept = levels[level]
        var cells = Array(kept.cells[kept.head...]) + Array(kept.cells[..<kept.head])
        for lower in stride(from: level, through: 0, by: -1) {
            guard let open = levels[lower].open else { continue }
            var number = open.index
            for _ in lower..<level { number /= LaneMemory.factor }
            if let last = cells.indices.last, cells[last].index == number {
                cells[last].add(open)
            } else {
                var own = open
                own.index = number
                cells.append(own)
            }
        }
        return cells
    }
}
