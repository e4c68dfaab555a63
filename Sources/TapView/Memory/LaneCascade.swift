/// Fills the buckets of a lane in several resolutions at once, each four times as coarse as the one before it. A bucket that is
/// over is part of the one above it that is being filled.
struct LaneCascade: Sendable {
    static let levels = 9
    static let factor: Int64 = 4

    /// Width of the finest bucket, in nanoseconds.
    let finest: Int64
    /// What each resolution fills; nil: nothing has come.
    private(set) var open: [LaneCell?] = Array(repeating: nil, count: levels)
    /// What it is now; NaN: unknown.
    private(set) var value = Double.nan
    private var isUnknownByLoss = false
    /// What was over since `takeClosed`, in order.
    private var closed: [(level: Int, cell: LaneCell)] = []

    init(finest: Int64) { self.finest = finest }

    static func width(_ level: Int, finest: Int64) -> Int64 {
        var width = finest
        for _ in 0..<level { width *= factor }
        return width
    }

    /// - Parameters:
    ///   - value: NaN: unknown from then on.
    ///   - counts: an edge, a sample or a claim; not one that confirms.
    mutating func add(_ value: Double, at time: Int64, counts: Bool, isLoss: Bool = false) {
        let index = time / finest
        if let cell = open[0], cell.index != index { close(0) }
        if isLoss { isUnknownByLoss = true } else if value == value { isUnknownByLoss = false }
        var cell = open[0] ?? LaneCell(index: index)
        cell.add(value, counts: counts)
        cell.lose(isLoss, isUnknownByLoss)
        open[0] = cell
        self.value = value
    }

    /// Samples at even steps.
    mutating func add(_ samples: [Double], at begin: Int64, each period: Int64) {
        var place = 0
        while place < samples.count {
            let index = (begin &+ period &* Int64(place)) / finest
            // The last one of the same bucket.
            let rest = (index + 1) * finest - 1 - begin
            let last = max(place, period > 0 ? Int(min(Int64(samples.count - 1), rest / period)) : samples.count - 1)
            if let cell = open[0], cell.index != index { close(0) }
            var cell = open[0] ?? LaneCell(index: index)
            for sample in place...last {
                cell.add(samples[sample], counts: true)
                if samples[sample] == samples[sample] { isUnknownByLoss = false }
            }
            cell.lose(false, isUnknownByLoss)
            open[0] = cell
            place = last + 1
        }
        if let last = samples.last { value = last }
    }

    /// What this resolution fills is over.
    private mutating func close(_ level: Int) {
        guard let cell = open[level] else { return }
        closed.append((level, cell))
        open[level] = nil
        guard level + 1 < LaneCascade.levels else { return }
        let parent = cell.index / LaneCascade.factor
        if let above = open[level + 1], above.index != parent { close(level + 1) }
        var above = open[level + 1] ?? LaneCell(index: parent)
        above.add(cell)
        open[level + 1] = above
    }

    /// Nothing follows.
    mutating func closeAll() { for level in 0..<LaneCascade.levels { close(level) } }

    var hasClosed: Bool { !closed.isEmpty }

    mutating func takeClosed() -> [(level: Int, cell: LaneCell)] {
        defer { closed = [] }
        return closed
    }

    /// Appends what is being filled to cells of a resolution, which are in order.
    func appendOpen(_ level: Int, to cells: inout [LaneCell]) {
        for lower in stride(from: level, through: 0, by: -1) {
            guard let open = open[lower] else { continue }
            var number = open.index
            for _ in lower..<level { number /= LaneCascade.factor }
            if let last = cells.indices.last, cells[last].index == number {
                cells[last].add(open)
            } else {
                var own = open
                own.index = number
                cells.append(own)
            }
        }
    }
}
