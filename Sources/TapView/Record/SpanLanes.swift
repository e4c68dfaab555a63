/// Buckets of any width of some lanes in a span, made of the records themselves.
struct SpanLanes: LaneTarget {
    struct Lane {
        var cells: [(cell: LaneCell, entry: Double)] = []
        /// What it is; NaN: unknown.
        var value: Double
        var isUnknownByLoss: Bool
        /// Before the first cell.
        var carry: (value: Double, isLost: Bool)
        /// Just before what is asked for.
        var before: Double
        /// Each change within what is asked for, exactly; nil: there are too many.
        var changes: [(time: Int64, value: Double)]? = []
    }

    /// Of buckets, in nanoseconds.
    private let width: Int64
    /// What buckets cover, and what is asked for.
    private let covered: Range<Int64>
    private let asked: Range<Int64>
    private let start: Int64
    private let mostChanges: Int
    /// By the lanes' places in the layout; nil: not asked for.
    private(set) var lanes: [Lane?]

    /// - Parameters:
    ///   - start: what each lane was then is given with `set`; not later than what buckets cover.
    init(
        lanes count: Int, width: Int64, covered: Range<Int64>, asked: Range<Int64>, start: Int64, mostChanges: Int
    ) {
        (self.width, self.covered, self.asked, self.start) = (width, covered, asked, start)
        self.mostChanges = mostChanges
        lanes = Array(repeating: nil, count: count)
    }

    /// Asks for a lane.
    mutating func set(_ lane: Int, _ value: Double, isLost: Bool) {
        lanes[lane] = Lane(value: value, isUnknownByLoss: isLost, carry: (value, isLost), before: value)
    }

    mutating func add(_ value: Double, to lane: Int, at time: Int64, counts: Bool, isLoss: Bool) {
        guard time >= start, time < covered.upperBound else { return }
        let bounds = bounds
        lanes[lane]?.add(value, at: time, counts: counts, isLoss: isLoss, bounds)
    }

    mutating func add(_ samples: [Double], to lane: Int, at begin: Int64, each period: Int64) {
        guard lanes[lane] != nil else { return }
        let end = begin &+ period &* Int64(samples.count - 1)
        guard end >= start, begin < covered.upperBound else { return }
        let bounds = bounds
        for (place, sample) in samples.enumerated() {
            let time = begin &+ period &* Int64(place)
            guard time >= start else { continue }
            guard time < covered.upperBound else { return }
            lanes[lane]?.add(sample, at: time, counts: true, isLoss: false, bounds)
        }
    }

    private var bounds: Bounds { Bounds(width: width, begin: covered.lowerBound, asked: asked, most: mostChanges) }

    fileprivate struct Bounds {
        var width: Int64
        var begin: Int64
        var asked: Range<Int64>
        var most: Int
    }
}

extension SpanLanes.Lane {
    fileprivate mutating func add(
        _ value: Double, at time: Int64, counts: Bool, isLoss: Bool, _ bounds: SpanLanes.Bounds
    ) {
        let isChange = value != self.value && (value == value || self.value == self.value)
        let entry = self.value
        self.value = value
        if isLoss { isUnknownByLoss = true } else if value == value { isUnknownByLoss = false }
        if time < bounds.asked.lowerBound { before = value }
        guard time >= bounds.begin else {
            carry = (value, isUnknownByLoss)
            return
        }
        let index = LaneMemory.floor(time, bounds.width) / bounds.width
        let last = cells.count - 1
        if last >= 0, cells[last].cell.index == index {
            cells[last].cell.add(value, counts: counts)
            cells[last].cell.lose(isLoss, isUnknownByLoss)
        } else {
            var cell = LaneCell(index: index)
            cell.add(value, counts: counts)
            cell.lose(isLoss, isUnknownByLoss)
            cells.append((cell, entry))
        }
        guard isChange, bounds.asked.contains(time), changes != nil else { return }
        changes?.append((time, value))
        if changes!.count > bounds.most { changes = nil }
    }
}
