import TapCore

/// How long a capture is: up to its end, or, where it says nothing of that, up to its last record.
struct CaptureExtent: RecordSink {
    private let origin: Timestamp
    private var last: Timestamp
    private var end: Timestamp?

    init(_ header: SessionHeader) {
        origin = header.origin
        last = header.origin
    }

    var length: Nanoseconds { (end ?? last) - origin }

    mutating func edge(_ edge: Edge) { last = max(last, edge.time) }
    mutating func event(_ event: Event) { last = max(last, event.time) }

    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        guard block.count > 0 else { return }
        last = max(last, block.firstTime + block.period * Int64(block.count - 1))
    }

    mutating func captureEnded(at end: Timestamp) { self.end = end }
}
