public import TapCore

/// Records what the sources of a session give: the consumer of a session that keeps them.
///
/// Encodes on the consumer's thread; another thread brings chunks onto the medium, or the same one where
/// time waits. A medium that stalls holds nothing back until `ThreadKeeper.mostPending` bytes wait; then records
/// stay in the rings, and what those lose is a gap.
public struct Recorder: RawSink {
    private var spans: [SourceSpan]
    private var current = 0
    /// Its number in the store's log.
    public let session: UInt64
    private let options: StoreOptions
    private let keeper: any ChunkKeeper
    private var ended: Set<Int> = []
    /// By source, from where on nothing is recorded because of a pause; nil: it is recorded.
    private var pausedFrom: [UInt64?]
    private let subjects: [[Gap.Subject]]
    /// What was taken so far.
    public private(set) var counts = Counts()

    public struct Counts: Sendable, Hashable {
        public var edges: UInt64 = 0
        public var scans: UInt64 = 0
        public var events: UInt64 = 0
        public var gaps: UInt64 = 0
    }

    /// - Parameter keeper: takes the chunks.
    init(_ header: SessionHeader, session: UInt64, options: StoreOptions, keeper: any ChunkKeeper) {
        spans = header.sources.enumerated().map { SourceSpan($0, $1) }
        pausedFrom = header.sources.map { _ in nil }
        subjects = header.sources.map { source in
            source.lines.map { .line($0.id) } + source.devices.map { .device($0.id) }
                + source.tags.map { .tag($0.id) }
        }
        self.session = session
        self.options = options
        self.keeper = keeper
    }

    public mutating func begin(source: Int) { current = source }

    /// So many at once stay in the processor's first cache.
    private static let batch = 512

    public mutating func edges(_ cells: Span<Cell>) {
        if pausedFrom[current] != nil {
            for index in cells.indices { leaveOut(Edge(cell: cells[index]).time) }
            return
        }
        var offset = 0
        while offset < cells.count {
            let end = min(offset + Recorder.batch, cells.count)
            spans[current].edges(cells.extracting(offset..<end))
            offset = end
        }
    }

    public mutating func edge(_ edge: Edge) {
        let cell: InlineArray<1, Cell> = [edge.cell]
        edges(cell.span)
    }

    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        if pausedFrom[current] != nil { return leaveOut(block.firstTime) }
        spans[current].scans(block, raw: raw)
    }

    public mutating func event(_ event: Event) {
        if case .gap = event { counts.gaps += 1 }
        if pausedFrom[current] != nil {
            switch event {
            case .level, .reread, .claim: return leaveOut(event.time)
            // What was lost before the pause, and what places it in time.
            case .gap, .clockFix, .note: break
            }
        }
        spans[current].event(event)
    }

    public mutating func watermark(at time: Timestamp) {
        spans[current].watermark(at: time)
        if keeper.isPaused != (pausedFrom[current] != nil) {
            cut(current)
            pausedFrom[current] = keeper.isPaused ? spans[current].from : nil
        }
        guard let from = spans[current].from else { return }
        let length = time - Timestamp(nanoseconds: from)
        let longest = spans[current].isUrgent ? options.busySpan : options.quietSpan
        if length >= longest || spans[current].byteCount >= options.largestSpan { cut(current) }
    }

    public mutating func sourceEnded(at time: Timestamp) {
        spans[current].sourceEnded(at: time)
        cut(current)
        ended.insert(current)
    }

    private mutating func leaveOut(_ time: Timestamp) {
        pausedFrom[current] = min(pausedFrom[current] ?? .max, time.nanoseconds)
    }

    /// Each chunk says what it leaves out because of a pause: a gap of each line, ADC and tag.
    private mutating func enterPause(_ source: Int) {
        guard let from = pausedFrom[source], let to = spans[source].watermark, from < to else { return }
        let end = Timestamp(nanoseconds: to)
        for subject in subjects[source] {
            let gap = Gap(
                .notRecorded, subject, .unknown, discovered: end, from: Timestamp(nanoseconds: from), to: end)
            spans[source].event(.gap(gap))
        }
        pausedFrom[source] = to
    }

    private mutating func cut(_ source: Int) {
        enterPause(source)
        let draft = spans[source].finish(session: session)
        counts.edges += draft.entry.edges
        counts.scans += draft.entry.scans
        counts.events += draft.entry.events
        keeper.take(draft)
    }

    public mutating func batchEnded(at now: Timestamp) throws(TapError) { try keeper.batchEnded() }

    public mutating func finish(at now: Timestamp) throws(TapError) {
        for source in spans.indices where !ended.contains(source) { cut(source) }
        try keeper.finish()
    }
}
