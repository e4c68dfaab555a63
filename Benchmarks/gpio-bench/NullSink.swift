import TapCore

/// A consumer that has nothing to do but to count.
struct NullSink: RawSink {
    private(set) var edges: UInt64 = 0
    private(set) var gaps: UInt64 = 0

    func begin(source: Int) {}
    mutating func edge(_ edge: Edge) { edges += 1 }
    mutating func edges(_ cells: Span<Cell>) { edges += UInt64(cells.count) }
    func scans(_ block: ScanBlock, raw: RawSpan) {}
    mutating func event(_ event: Event) { if case .gap = event { gaps += 1 } }
    func watermark(at time: Timestamp) {}
    func sourceEnded(at time: Timestamp) {}
}
