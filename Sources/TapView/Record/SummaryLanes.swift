import TapCore
import TapRecord

/// The summaries of all lanes: cells in pages on a file, and those that are being filled in memory.
struct SummaryLanes: LaneTarget, Sendable {
    /// Of the finest resolution, in nanoseconds: what is shorter is read from the record.
    static let finest: Int64 = 1_000_000_000
    static let cellsOfPage = 512

    struct Level: Sendable, Equatable {
        /// On the file, in order.
        var pages: [SummaryPage] = []
        /// Behind them.
        var cells: [LaneCell] = []
    }

    struct Lane: Sendable {
        var levels: [Level] = Array(repeating: Level(), count: LaneCascade.levels)
        var cascade = LaneCascade(finest: SummaryLanes.finest)
    }

    var lanes: [Lane]
    let file: any DiskFile
    /// Where the next page goes.
    private(set) var end: UInt64
    /// What stopped it: nothing is added from then on.
    private(set) var failure: DiskError?

    init(lanes count: Int, on file: any DiskFile, from end: UInt64) {
        lanes = Array(repeating: Lane(), count: count)
        self.file = file
        self.end = end
    }

    mutating func add(_ value: Double, to lane: Int, at time: Int64, counts: Bool, isLoss: Bool) {
        lanes[lane].cascade.add(value, at: time, counts: counts, isLoss: isLoss)
        keep(lane)
    }

    mutating func add(_ samples: [Double], to lane: Int, at begin: Int64, each period: Int64) {
        lanes[lane].cascade.add(samples, at: begin, each: period)
        keep(lane)
    }

    private mutating func keep(_ lane: Int) {
        guard lanes[lane].cascade.hasClosed else { return }
        for (level, cell) in lanes[lane].cascade.takeClosed() {
            lanes[lane].levels[level].cells.append(cell)
            if lanes[lane].levels[level].cells.count == SummaryLanes.cellsOfPage { write(lane, level) }
        }
    }

    private mutating func write(_ lane: Int, _ level: Int) {
        guard failure == nil, let first = lanes[lane].levels[level].cells.first else { return }
        let cells = lanes[lane].levels[level].cells
        let bytes = SummaryPage.encoded(cells)
        do throws(DiskError) { try file.write(bytes, at: end) } catch {
            failure = error
            return
        }
        lanes[lane].levels[level].pages.append(
            SummaryPage(first: first.index, count: UInt32(cells.count), offset: end, sum: CRC32.of(bytes)))
        lanes[lane].levels[level].cells.removeAll(keepingCapacity: true)
        end += UInt64(bytes.count)
    }

    /// Nothing follows: all that is in memory goes onto the file.
    mutating func finish() {
        for lane in lanes.indices {
            lanes[lane].cascade.closeAll()
            keep(lane)
            for level in lanes[lane].levels.indices { write(lane, level) }
        }
    }

    /// Cells from `begin` to before `end`, and before them the last one that ends before, if there is one.
    func cells(of lane: Int, _ level: Int, from begin: Int64, to end: Int64) throws(SummaryProblem) -> [LaneCell] {
        let kept = lanes[lane].levels[level]
        var found: [LaneCell] = []
        // The first page that may hold one of them, or the one before the first.
        var (low, high) = (0, kept.pages.count)
        while low < high {
            let middle = (low + high) / 2
            if kept.pages[middle].first < begin { low = middle + 1 } else { high = middle }
        }
        for page in kept.pages[max(0, low - 1)...] {
            guard page.first < end else { break }
            found += try page.cells(from: file)
        }
        if kept.pages.last.map({ $0.first < end }) ?? true {
            found += kept.cells
            lanes[lane].cascade.appendOpen(level, to: &found)
        }
        let first = found.lastIndex { $0.index < begin } ?? found.startIndex
        return found[first...].prefix { $0.index < end } + []
    }
}

/// Summaries cannot be used.
enum SummaryProblem: Error {
    /// What was written is not there.
    case torn
    case disk(DiskError)
    /// The record itself cannot be read.
    case store(TapError)
}
