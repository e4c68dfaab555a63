import TapCore

/// What every record of a session passes on its way to a consumer: the session's limits, then the statistics.
struct SessionSink<Sink: RecordSink & ~Copyable>: RecordSink, ~Copyable {
    var sink: Sink
    private(set) var statistics: CaptureStatistics
    private let limits: SessionLimits
    private var counted: UInt64 = 0
    private let stopper: SessionStopper
    private let onBatch: ((CaptureStatistics, Timestamp) -> Void)?

    /// - Parameter onBatch: called after each batch, on the consumer's thread.
    init(
        _ sink: consuming Sink, _ statistics: CaptureStatistics, limits: SessionLimits, stopper: SessionStopper,
        onBatch: ((CaptureStatistics, Timestamp) -> Void)?
    ) {
        self.sink = sink
        self.statistics = statistics
        self.limits = limits
        self.stopper = stopper
        self.onBatch = onBatch
    }

    private var isComplete: Bool { counted >= limits.count }

    mutating func edge(_ edge: Edge) {
        guard !isComplete, edge.time <= limits.lineEnds[Int(edge.line.index)] else { return }
        counted += 1
        statistics.edge(edge)
        sink.edge(edge)
    }

    mutating func event(_ event: Event) {
        switch event {
        // Even after the last record that counts.
        case .gap, .clockFix: break
        case .claim(let claim):
            guard !isComplete, claim.time <= limits.tagEnds[Int(claim.tag.index)] else { return }
        default: guard !isComplete else { return }
        }
        statistics.event(event)
        sink.event(event)
    }

    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        let end = limits.deviceEnds[Int(block.device.index)]
        guard !isComplete, block.firstTime <= end else { return }
        var part = block
        if block.period > .zero {
            let inTime = (min(end, block.firstTime + block.period * Int64(block.count)) - block.firstTime).count
            part.count = min(part.count, Int(inTime / block.period.count) + 1)
        }
        part.count = min(part.count, Int(min(limits.count - counted, UInt64(Int.max))))
        counted += UInt64(part.count)
        statistics.scans(part, raw: raw.extracting(0..<part.byteCount))
        sink.scans(part, raw: raw.extracting(0..<part.byteCount))
    }

    mutating func batchEnded(at now: Timestamp) throws(TapError) {
        try sink.batchEnded(at: now)
        if isComplete || now >= limits.end { stopper.stop() }
        onBatch?(statistics, now)
    }

    /// A limit of records ends it with the last that counted.
    mutating func captureEnded(at end: Timestamp) {
        if !isComplete { sink.captureEnded(at: min(end, limits.end) - limits.offsetOfFixes) }
    }

    mutating func finish(at now: Timestamp) throws(TapError) { try sink.finish(at: now) }
}
