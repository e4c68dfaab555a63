/// Any record with all it holds: for checkers, tests and whatever else keeps or compares records.
///
/// What takes records as they come is a `RecordSink`; this owns a copy of a block's bytes.
public enum Record: Sendable, Hashable {
    case edge(Edge)
    case scans(ScanBlock, bytes: [UInt8])
    case event(Event)

    /// What records are ordered by, in the source's clock domain.
    public var time: Timestamp {
        switch self {
        case .edge(let edge): edge.time
        case .scans(let block, _): block.firstTime
        case .event(let event): event.time
        }
    }

    /// Cells that it takes in a ring.
    public var cells: Int {
        switch self {
        case .edge: 1
        case .scans(let block, _): block.cells
        case .event(let event): event.encoded.count
        }
    }

    public func write(into writer: inout RecordWriter) {
        switch self {
        case .edge(let edge): writer.edge(edge, arrived: edge.time)
        // The array is lent for the call.
        case .scans(let block, let bytes): unsafe bytes.withUnsafeBytes { unsafe writer.scans(block, raw: $0.bytes) }
        case .event(let event): writer.event(event)
        }
    }
}

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
