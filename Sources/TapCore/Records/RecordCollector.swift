/// Keeps all records that it is given, in order.
public struct RecordCollector: RecordSink, Sendable {
    public var records: [Record] = []
    /// How often a batch ended.
    public private(set) var batches = 0
    /// How often nothing was to follow.
    public private(set) var finishes = 0

    public init() {}

    public mutating func edge(_ edge: Edge) { records.append(.edge(edge)) }
    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        // The span is lent for the call; its bytes are copied.
        records.append(.scans(block, bytes: unsafe raw.withUnsafeBytes { unsafe Array($0) }))
    }
    public mutating func event(_ event: Event) { records.append(.event(event)) }
    public mutating func batchEnded(at now: Timestamp) throws(TapError) { batches += 1 }
    public mutating func finish(at now: Timestamp) throws(TapError) { finishes += 1 }
}
