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
