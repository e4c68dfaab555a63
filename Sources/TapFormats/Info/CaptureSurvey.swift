public import TapCore

/// Counts what a capture holds, from its beginning to its end.
///
/// Allocates what `CaptureStatistics` does. Not thread-safe.
public struct CaptureSurvey: RecordSink, Sendable {
    /// Of a line, device or tag.
    public struct Tally: Sendable, Hashable {
        public var levels: UInt64 = 0
        public var claims: UInt64 = 0
        public var gaps: UInt64 = 0
        /// Its first and last record but gaps, in the capture's clock; nil: it has none.
        public var first: Timestamp?
        public var last: Timestamp?

        mutating func see(_ time: Timestamp) {
            first = min(first ?? time, time)
            last = max(last ?? time, time)
        }
    }

    public private(set) var statistics: CaptureStatistics
    public private(set) var lines: [Tally]
    public private(set) var devices: [Tally]
    public private(set) var tags: [Tally]
    public private(set) var notes: UInt64 = 0
    public private(set) var clockFixes: UInt64 = 0
    private var extent: CaptureExtent

    init(_ header: SessionHeader) {
        statistics = CaptureStatistics(header)
        lines = header.lines.map { _ in Tally() }
        devices = header.devices.map { _ in Tally() }
        tags = header.tags.map { _ in Tally() }
        extent = CaptureExtent(header)
    }

    /// From its beginning to its end, or to its last record where it does not say when it ends.
    public var length: Nanoseconds { extent.length }

    public mutating func edge(_ edge: Edge) {
        statistics.edge(edge)
        extent.edge(edge)
        lines[Int(edge.line.index)].see(edge.time)
    }

    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        statistics.scans(block, raw: raw)
        extent.scans(block, raw: raw)
        guard block.count > 0 else { return }
        devices[Int(block.device.index)].see(block.firstTime)
        devices[Int(block.device.index)].see(block.firstTime + block.period * Int64(block.count - 1))
    }

    public mutating func event(_ event: Event) {
        statistics.event(event)
        extent.event(event)
        switch event {
        case .level(let level):
            lines[Int(level.line.index)].levels += 1
            lines[Int(level.line.index)].see(level.notAfter)
        case .gap(let gap): count(gap)
        case .reread(let reread): lines[Int(reread.line.index)].see(reread.time)
        case .claim(let claim):
            tags[Int(claim.tag.index)].claims += 1
            tags[Int(claim.tag.index)].see(claim.time)
        case .note: notes += 1
        case .clockFix: clockFixes += 1
        }
    }

    private mutating func count(_ gap: Gap) {
        switch gap.subject {
        case .line(let line): lines[Int(line.index)].gaps += 1
        case .device(let device): devices[Int(device.index)].gaps += 1
        case .tag(let tag): tags[Int(tag.index)].gaps += 1
        case .notes: break
        }
    }

    public mutating func captureEnded(at end: Timestamp) { extent.captureEnded(at: end) }
}
