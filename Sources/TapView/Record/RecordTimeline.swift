import Synchronization
public import TapConfig
public import TapCore
public import TapRecord

/// The timeline of a store, from months to single edges: summaries, and below the finest of them the records themselves. It is of
/// the store as it was when its index was made, or, where it is followed, as it was then. Summaries are no evidence: whoever doubts them makes them anew.
///
/// Safe from any thread. What reads of it blocks as long as the medium does, and makes `make` wait for some milliseconds.
public final class RecordTimeline: Sendable {
    public let layout: WindowLayout
    public var index: StoreIndex { state.withLock { $0.index } }
    /// nil: no folder was given.
    let file: SummaryFile?
    let state: Mutex<State>

    /// Up to this span the records themselves are read, in nanoseconds.
    public static let mostRead: Int64 = 300_000_000_000

    struct State {
        var index: StoreIndex
        var feed: LaneFeed<SummaryLanes>
        var progress: Progress
    }

    /// How far the summaries are.
    public struct Progress: Sendable {
        /// Since the session's start, in nanoseconds: there is something of every time before.
        public var reached: Int64
        /// Of the record, from 0 to 1.
        public var share = 0.0
        public var isDone = false
        /// They were there already.
        public var wasFound = false
        /// Where they are kept; nil: they go with this process.
        public var path: String?
        /// What stopped them.
        public var failure: TapError?
        /// What the record cannot say, a sentence each.
        public var remarks: [String] = []
    }

    /// Looks for summaries that are kept.
    ///
    /// - Parameters:
    ///   - folder: where summaries are kept; made if it is missing. nil: nowhere.
    ///   - mayUse: those that are there; otherwise they are made anew.
    public init(_ site: Site, _ index: StoreIndex, in folder: String?, mayUse: Bool = true) {
        let layout = WindowLayout(site, index.header)
        self.layout = layout
        let file = folder.map { SummaryFile(index, layout, in: $0) }
        self.file = file
        let found = mayUse ? file?.lanes(layout.lanes.count) : nil
        let made =
            found ?? file?.begin(layout.lanes.count)
            ?? SummaryLanes(lanes: layout.lanes.count, on: MemoryFile([]), from: 0)
        var progress = Progress(reached: found == nil ? 0 : index.length.count)
        if found != nil {
            (progress.share, progress.isDone, progress.wasFound, progress.path) = (1, true, true, file?.path)
        }
        state = Mutex(State(index: index, feed: LaneFeed(layout, into: made), progress: progress))
    }

    public var progress: Progress { state.withLock { $0.progress } }

    /// Reads the store once, if that is not done yet: blocks until it is done, has failed, or is to stop. For one thread.
    ///
    /// - Parameter goesOn: asked now and then.
    public func make(_ goesOn: () -> Bool = { true }) {
        guard !progress.isDone else { return }
        var reader = index.reader()
        do throws(TapError) {
            guard try sum(&reader, goesOn) else { return }
            finish(reader.remarks)
        } catch {
            file?.discard()
            state.withLock { $0.progress.failure = error }
        }
    }

    /// - Returns: false: it was to stop.
    func sum(_ reader: inout StoreReader, _ goesOn: () -> Bool) throws(TapError) -> Bool {
        var buffer = RecordBuffer()
        do throws(TapError) {
            while try reader.read(into: &buffer) {
                guard goesOn() else { return false }
                take(&buffer, reader.share ?? 0)
            }
            take(&buffer, 1)
            return true
        } catch {
            take(&buffer, reader.share ?? 0)
            throw error
        }
    }

    /// Once everything was summed up, what follows is known up to where the store covers it.
    private func take(_ buffer: inout RecordBuffer, _ share: Double) {
        state.withLock { state in
            buffer.drain(into: &state.feed)
            guard !state.progress.isDone else { return }
            state.progress.reached = state.feed.reached
            state.progress.share = share
        }
    }

    private func finish(_ remarks: [String]) {
        state.withLock { state in
            state.feed.target.finish()
            let isKept = file?.commit(state.feed.target) ?? false
            state.progress.path = isKept ? file?.path : nil
            state.progress.reached = state.index.length.count
            (state.progress.isDone, state.progress.share, state.progress.remarks) = (true, 1, remarks)
        }
    }

    /// Lanes of a span, as a window's memory gives them.
    ///
    /// - Parameters:
    ///   - lanes: by their places in the layout.
    ///   - count: about so many buckets each.
    ///   - mostChanges: of a lane; where there are more they are left out.
    ///   - isCut: the last bucket ends at `to` and has nothing of what came then; otherwise it is whole.
    /// - Throws: what is asked for cannot be read.
    public func spans(
        of lanes: [Int], from: Int64, to: Int64, count: Int, mostChanges: Int = 2_000, isCut: Bool = false
    ) throws(TapError) -> [WindowMemory.Span] {
        let (reached, index) = state.withLock { ($0.progress.reached, $0.index) }
        let end = min(to, reached)
        guard from < end, count > 0 else {
            let last = min(to, index.length.count)
            let rest = last > from ? [Bucket(at: from, until: last)] : []
            return lanes.map { WindowMemory.Span(layout.lanes[$0], before: nil, rest, changes: nil) }
        }
        let wanted = max(1, (to - from) / Int64(count))
        do throws(SummaryProblem) {
            var spans: [WindowMemory.Span] = []
            if to - from > RecordTimeline.mostRead {
                spans = try summed(lanes, from..<end, wanted, isCut)
            } else {
                spans = try read(lanes, from..<end, width: wanted, mostChanges, isCut)
            }
            if isCut { for place in spans.indices { spans[place].end(at: end) } }
            let last = min(to, index.length.count)
            guard last > end else { return spans }
            // What is not summed up yet.
            for place in spans.indices { spans[place].buckets.append(Bucket(at: end, until: last)) }
            return spans
        } catch {
            switch error {
            case .store(let error): throw error
            case .disk(let error):
                throw TapError(
                    .configuration, "summaries", "cannot be read: \(error.errno.words)", remedy: "start it again")
            case .torn:
                throw TapError(
                    .configuration, "summaries", "were altered while they were looked at",
                    remedy: "start it again: they are made anew")
            }
        }
    }

    private func isHeld(_ lane: Int) -> Bool {
        layout.lanes[lane].kind == .digital || layout.lanes[lane].kind == .claim
    }

    private static func width(_ level: Int) -> Int64 { LaneCascade.width(level, finest: SummaryLanes.finest) }

    private func summed(
        _ lanes: [Int], _ span: Range<Int64>, _ wanted: Int64, _ isCut: Bool
    ) throws(SummaryProblem) -> [WindowMemory.Span] {
        var level = 0
        while level + 1 < LaneCascade.levels, RecordTimeline.width(level + 1) <= wanted { level += 1 }
        let rest = isCut ? try rest(lanes, level, upTo: span.upperBound) : []
        var spans: [WindowMemory.Span] = []
        for (place, lane) in lanes.enumerated() {
            spans.append(try summed(lane, level, span, wanted, isCut ? rest[place] : nil, isCut))
        }
        return spans
    }

    /// What lanes were from the end of the last whole cell of a resolution to before `end`; nil: nothing was recorded.
    private func rest(_ lanes: [Int], _ level: Int, upTo end: Int64) throws(SummaryProblem) -> [LaneCell?] {
        let begin = LaneMemory.floor(end, SummaryLanes.finest)
        let records = begin < end ? try records(lanes, begin..<end, asked: begin..<end, SummaryLanes.finest, 0) : nil
        var found: [LaneCell?] = []
        for lane in lanes {
            var parts: [LaneCell] = []
            for lower in stride(from: level - 1, through: 0, by: -1) {
                let step = RecordTimeline.width(lower)
                let first = LaneMemory.floor(end, RecordTimeline.width(lower + 1)) / step
                parts += try cells(lane, lower, first, LaneMemory.floor(end, step) / step).filter { $0.index >= first }
            }
            parts += records?.lanes[lane]?.cells.map(\.cell) ?? []
            guard var whole = parts.first else {
                found.append(nil)
                continue
            }
            for part in parts.dropFirst() { whole.add(part) }
            whole.index = LaneMemory.floor(end, RecordTimeline.width(level)) / RecordTimeline.width(level)
            found.append(whole)
        }
        return found
    }

    /// - Parameter rest: of a span that is cut, what was after its last whole cell.
    private func summed(
        _ lane: Int, _ level: Int, _ span: Range<Int64>, _ wanted: Int64, _ rest: LaneCell?, _ isCut: Bool
    ) throws(SummaryProblem) -> WindowMemory.Span {
        let step = RecordTimeline.width(level)
        let wide = (wanted + step - 1) / step * step
        // Buckets at both ends are whole, but for a cut one.
        let begin = LaneMemory.floor(span.lowerBound, wide)
        let end =
            isCut ? LaneMemory.floor(span.upperBound, step) : LaneMemory.floor(span.upperBound - 1, wide) + wide
        let cells = try cells(lane, level, begin / step, end / step) + (rest.map { [$0] } ?? [])
        var (carry, before) = (Double.nan, Double.nan)
        var isLost = false
        var merged: [(cell: LaneCell, entry: Double)] = []
        for cell in cells {
            if (cell.index + 1) * step <= span.lowerBound { before = cell.last }
            guard cell.index * step >= begin else {
                (carry, isLost) = (cell.last, cell.isUnknownByLoss)
                continue
            }
            let number = LaneMemory.floor(cell.index * step, wide) / wide
            if let last = merged.indices.last, merged[last].cell.index == number {
                merged[last].cell.add(cell)
            } else {
                var first = cell
                first.index = number
                merged.append((first, merged.last?.cell.last ?? carry))
            }
        }
        let buckets = LaneCell.buckets(
            merged, carry, isLost, width: wide, from: min(begin, span.lowerBound), to: span.upperBound,
            isHeld: isHeld(lane))
        return WindowMemory.Span(
            layout.lanes[lane], before: before == before ? before : nil, buckets, changes: nil)
    }

    private func cells(
        _ lane: Int, _ level: Int, _ begin: Int64, _ end: Int64
    ) throws(SummaryProblem) -> [LaneCell] {
        let found = state.withLock { state in
            Result { () throws(SummaryProblem) in
                try state.feed.target.cells(of: lane, level, from: begin, to: end)
            }
        }
        return try found.get()
    }

    /// From the records themselves.
    private func read(
        _ lanes: [Int], _ span: Range<Int64>, width: Int64, _ mostChanges: Int, _ isCut: Bool
    ) throws(SummaryProblem) -> [WindowMemory.Span] {
        let begin = LaneMemory.floor(span.lowerBound, width)
        let end = isCut ? span.upperBound : LaneMemory.floor(span.upperBound - 1, width) + width
        let records = try records(lanes, begin..<end, asked: span, width, mostChanges)
        return lanes.map { lane in
            let found = records.lanes[lane]!
            let buckets = LaneCell.buckets(
                found.cells, found.carry.value, found.carry.isLost, width: width, from: begin,
                to: span.upperBound, isHeld: isHeld(lane))
            return WindowMemory.Span(
                layout.lanes[lane], before: found.before == found.before ? found.before : nil, buckets,
                changes: layout.lanes[lane].kind == .analog ? nil : found.changes)
        }
    }

    /// Reads records; what lanes were before is in the finest summaries.
    private func records(
        _ lanes: [Int], _ covered: Range<Int64>, asked: Range<Int64>, _ width: Int64, _ mostChanges: Int
    ) throws(SummaryProblem) -> SpanLanes {
        let start = max(0, LaneMemory.floor(covered.lowerBound, SummaryLanes.finest))
        var target = SpanLanes(
            lanes: layout.lanes.count, width: width, covered: covered, asked: asked, start: start,
            mostChanges: mostChanges)
        for lane in lanes {
            let index = start / SummaryLanes.finest
            let last = try cells(lane, 0, index, index).first
            target.set(lane, last?.last ?? .nan, isLost: last?.isUnknownByLoss ?? false)
        }
        var feed = LaneFeed(layout, into: target)
        do throws(TapError) {
            var reader = index.reader(from: Nanoseconds(start), to: Nanoseconds(covered.upperBound))
            var buffer = RecordBuffer()
            while try reader.read(into: &buffer) { buffer.drain(into: &feed) }
            buffer.drain(into: &feed)
        } catch { throw .store(error) }
        return feed.target
    }

    // Checking

    /// What came of making summaries anew beside those that are kept.
    public enum Check: Sendable, Equatable {
        /// There are none, or they are of another state of the store or of another site file.
        case missing
        case same(buckets: UInt64)
        /// The first bucket that is another one: since the session's start and how wide, in nanoseconds.
        case altered(lane: String, at: Int64, width: Int64)
    }

    /// Makes summaries anew and compares those that are kept with them. Blocks until the store is read.
    public static func check(_ site: Site, _ index: StoreIndex, in folder: String) throws(TapError) -> (Check, String) {
        let layout = WindowLayout(site, index.header)
        let file = SummaryFile(index, layout, in: folder)
        guard let kept = file.lanes(layout.lanes.count) else { return (.missing, file.path) }
        var feed = LaneFeed(layout, into: file.begin(layout.lanes.count))
        defer { file.discard() }
        var reader = index.reader()
        var buffer = RecordBuffer()
        while try reader.read(into: &buffer) { buffer.drain(into: &feed) }
        buffer.drain(into: &feed)
        feed.target.finish()
        do throws(SummaryProblem) { return (try compare(kept, feed.target, layout), file.path) } catch {
            throw TapError(.configuration, printable(file.path), "cannot be read", remedy: "delete it")
        }
    }

    private static func compare(
        _ kept: SummaryLanes, _ made: SummaryLanes, _ layout: WindowLayout
    ) throws(SummaryProblem) -> Check {
        var buckets: UInt64 = 0
        for lane in layout.lanes.indices {
            for level in 0..<LaneCascade.levels {
                let width = LaneCascade.width(level, finest: SummaryLanes.finest)
                let (old, new) = (kept.lanes[lane].levels[level].pages, made.lanes[lane].levels[level].pages)
                for place in 0..<max(old.count, new.count) {
                    let oldCells = place < old.count ? try old[place].cells(from: kept.file) : []
                    let newCells = place < new.count ? try new[place].cells(from: made.file) : []
                    buckets += UInt64(newCells.count)
                    guard SummaryPage.encoded(oldCells) != SummaryPage.encoded(newCells) else { continue }
                    let first = zip(oldCells, newCells).first { SummaryPage.encoded([$0]) != SummaryPage.encoded([$1]) }
                    let index = first?.1.index ?? newCells.last?.index ?? oldCells.last?.index ?? 0
                    return .altered(lane: layout.lanes[lane].name, at: index * width, width: width)
                }
            }
        }
        return .same(buckets: buckets)
    }
}
