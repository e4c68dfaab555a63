/// One consumer's ring, as the source's thread sees it.
final class RelayOutlet {
    let feed: RecordFeed
    private let gate = FeedGate()
    private var sink: WriterSink
    private var isOpen = true
    /// The end that is still to be written.
    private var end: Timestamp?

    init(capacity: Int, like writer: borrowing RecordWriter, of info: SourceInfo, isPatient: Bool) {
        let ends = Ring.make(capacity: capacity)
        sink = WriterSink(writer: RecordWriter(ends.producer, like: writer))
        feed = RecordFeed(ends.consumer, of: info, isPatient: isPatient, gate: gate)
    }

    var staged: UInt64 { sink.writer.staged }

    /// Cells for which whoever can wait need not wait.
    var room: Int { isOpen ? sink.writer.roomForWaiting() : .max }

    /// Notices that the consumer is gone.
    func look() { if isOpen, gate.isClosed { isOpen = false } }

    func giveEdges(_ cells: Span<Cell>) { if isOpen { sink.writer.edges(cells) } }

    func give(_ record: Span<Cell>, _ levels: RelayLevels) {
        guard isOpen else { return }
        let header = RecordHeader(record[0])
        switch header.kind {
        case .pad: break
        case .watermark:
            sink.writer.settle(at: header.time)
            levels.restore(at: header.time, into: &sink.writer)
            sink.writer.watermark(at: header.time)
        case .end: end = header.time
        default: RecordDecoder.deliver(record, to: &sink)
        }
    }

    /// - Returns: false if the end is still to be written.
    func settleEnd() -> Bool {
        guard isOpen, let time = end else { return true }
        guard sink.writer.end(at: time) else { return false }
        end = nil
        return true
    }
}

/// Writes records as they are into another ring.
private struct WriterSink: RecordSink, ~Copyable {
    var writer: RecordWriter

    mutating func edge(_ edge: Edge) { writer.edge(edge, arrived: edge.time) }
    mutating func event(_ event: Event) { writer.event(event) }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) { writer.scans(block, raw: raw) }
}
