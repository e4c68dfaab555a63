/// What a lane was, in several resolutions: each is four times as coarse as the one before it. Of fixed size: where a resolution
/// is full its oldest bucket is forgotten, and a coarser one reaches back farther. Only buckets in which something was recorded
/// are kept, so the memory of a quiet lane is longer.
struct LaneMemory: Sendable {
    static let finest: Int64 = 100_000_000
    static let levels = LaneCascade.levels

    /// Cells of one resolution, oldest first from `head` on.
    private struct Level: Sendable {
        var cells: ContiguousArray<LaneCell> = []
        var head = 0
        /// Everything from here on is kept, by its number; `.min`: nothing was forgotten.
        var reach = Int64.min
        /// What it was where `reach` begins.
        var before = Double.nan

        mutating func push(_ cell: LaneCell, capacity: Int) {
            guard cells.count == capacity else { return cells.append(cell) }
            reach = cells[head].index + 1
            before = cells[head].last
            cells[head] = cell
            head = head + 1 == capacity ? 0 : head + 1
        }
    }

    private let capacity: Int
    private var levels: [Level]
    private var cascade = LaneCascade(finest: finest)
    /// What it is now; NaN: unknown.
    var value: Double { cascade.value }
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

    static func width(_ level: Int) -> Int64 { LaneCascade.width(level, finest: finest) }

    /// - Parameters:
    ///   - value: NaN: unknown from then on.
    ///   - counts: an edge, a sample or a claim; not one that confirms.
    mutating func add(_ value: Double, at time: Int64, counts: Bool, isLoss: Bool = false) {
        let isChange = value != cascade.value && (value == value || cascade.value == cascade.value)
        cascade.add(value, at: time, counts: counts, isLoss: isLoss)
        push()
        if mostChanges > 0, isChange { keep(time, value) }
    }

    /// Samples at even steps; of those, changes are not kept.
    mutating func add(_ samples: [Double], at begin: Int64, each period: Int64) {
        cascade.add(samples, at: begin, each: period)
        push()
    }

    private mutating func push() {
        guard cascade.hasClosed else { return }
        for (level, cell) in cascade.takeClosed() { levels[level].push(cell, capacity: capacity) }
    }

    private mutating func keep(_ time: Int64, _ value: Double) {
        guard changes.count == mostChanges else { return changes.append((time, value)) }
        changesReach = changes[changesHead].time + 1
        changes[changesHead] = (time, value)
        changesHead = changesHead + 1 == mostChanges ? 0 : changesHead + 1
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
    ///   - width: of a bucket, in place of the count. Where it is one of this memory's, buckets begin at its multiples.
    ///   - isHeld: between records it stays as it was, as a level does.
    func span(
        from: Int64, to: Int64, count: Int, width: Int64? = nil, isHeld: Bool
    ) -> (before: Double?, buckets: [Bucket]) {
        guard to > from, count > 0 else { return (nil, []) }
        let wanted = width ?? max(1, (to - from) / Int64(count))
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
        var merged: [(cell: LaneCell, entry: Double)] = []
        for cell in cells(of: level) {
            if (cell.index + 1) * width <= from { before = cell.last }
            if (cell.index + 1) * width <= begin {
                carry = cell.last
                isLost = cell.isUnknownByLoss
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
        let buckets = LaneCell.buckets(merged, carry, isLost, width: wide, from: from, to: to, isHeld: isHeld).map {
            bucket in
            var bucket = bucket
            bucket.at = max(bucket.at, min(begin, from))
            return bucket
        }
        return (before == before ? before : nil, buckets)
    }

    static func floor(_ time: Int64, _ step: Int64) -> Int64 {
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

    /// With those that are being filled, in order.
    private func cells(of level: Int) -> [LaneCell] {
        let kept = levels[level]
        var cells = Array(kept.cells[kept.head...]) + Array(kept.cells[..<kept.head])
        cascade.appendOpen(level, to: &cells)
        return cells
    }
}
