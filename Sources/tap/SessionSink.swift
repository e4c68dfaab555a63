import TapCore
import TapFormats

/// What every record of a session passes: the limits of --for and --count, the statistics, then the writer.
struct SessionSink<Writer: RecordSink & ~Copyable>: RecordSink, ~Copyable {
    private(set) var writer: Writer
    private(set) var statistics: CaptureStatistics
    private let limits: SessionLimits
    private var status: StatusLine?
    /// Records go to a terminal too, most likely the same.
    private let isSharingTerminal: Bool
    private var counted: UInt64 = 0
    private let stop: @Sendable () -> Void

    init(
        _ writer: consuming Writer, _ statistics: CaptureStatistics, limits: SessionLimits, status: StatusLine?,
        isSharingTerminal: Bool, stop: @escaping @Sendable () -> Void
    ) {
        self.writer = writer
        self.statistics = statistics
        self.limits = limits
        self.status = status
        self.isSharingTerminal = isSharingTerminal
        self.stop = stop
    }

    private var isComplete: Bool { counted >= limits.count }

    private mutating func makeRoom() { if isSharingTerminal { status?.clear() } }

    mutating func edge(_ edge: Edge) {
        guard !isComplete, edge.time <= limits.lineEnds[Int(edge.line.index)] else { return }
        makeRoom()
        counted += 1
        statistics.edge(edge)
        writer.edge(edge)
    }

    mutating func event(_ event: Event) {
        switch event {
        // Even after the last record that counts.
        case .gap, .clockFix: break
        default: guard !isComplete else { return }
        }
        makeRoom()
        statistics.event(event)
        writer.event(event)
    }

    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        let end = limits.deviceEnds[Int(block.device.index)]
        guard !isComplete, block.firstTime <= end else { return }
        makeRoom()
        var part = block
        if block.period > .zero {
            let inTime = (min(end, block.firstTime + block.period * Int64(block.count)) - block.firstTime).count
            part.count = min(part.count, Int(inTime / block.period.count) + 1)
        }
        part.count = min(part.count, Int(min(limits.count - counted, UInt64(Int.max))))
        counted += UInt64(part.count)
        statistics.scans(part, raw: raw.extracting(0..<part.byteCount))
        writer.scans(part, raw: raw.extracting(0..<part.byteCount))
    }

    mutating func batchEnded(at now: Timestamp) throws(TapError) {
        do throws(TapError) { try writer.batchEnded(at: now) } catch {
            status?.clear()
            throw error
        }
        if isComplete || now >= limits.end { stop() }
        status?.draw(statistics)
    }

    mutating func finish(at now: Timestamp) throws(TapError) {
        status?.clear()
        try writer.finish(at: now)
    }
}

/// When a session is complete.
struct SessionLimits {
    /// On the gateway's monotonic clock.
    var end = Timestamp.distantFuture
    /// The same in the clock of each line and device.
    var lineEnds: [Timestamp]
    var deviceEnds: [Timestamp]
    /// Edges and scans together.
    var count = UInt64.max
}
