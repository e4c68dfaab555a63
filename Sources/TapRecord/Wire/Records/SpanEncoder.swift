import TapCore

/// Collects one source's records into the messages of a chunk, in the source's own order.
///
/// Edges one after the other make one message, other events one, each block of scans one. Of several watermarks without
/// a record between them the last is kept. A watermark between records of two kinds goes into the message of the first;
/// behind scans into the one that follows.
///
/// An edge takes a few nanoseconds.
struct SpanEncoder: Sendable {
    private enum Open { case nothing, edges, events }

    private var open = Open.nothing
    /// The latest watermark, if no record came after it.
    private var watermark: Timestamp?
    private var edges = EdgesEncoder()
    private var events = ProtoWriter()
    /// Of the first record, watermark or end in `events`; nil: it holds none.
    private var firstEvent: Timestamp?
    private var chunk = ChunkBytes()
    /// What chunks have taken so far, at most: the next one gets as much room at once.
    private var room = 0

    init() {}

    /// What the messages take so far, within a few kilobytes.
    var byteCount: Int { chunk.messageBytes + edges.byteCount + events.bytes.count }

    /// - Parameter cells: each an edge; one at least.
    mutating func edges(_ cells: Span<Cell>) {
        if open != .edges {
            close()
            open = .edges
            edges.begin(at: Edge(cell: cells[0]).time)
        }
        if let mark = watermark { edges.mark(mark) }
        watermark = nil
        edges.append(cells)
    }

    mutating func event(_ event: Event) {
        openEvents()
        if firstEvent == nil { firstEvent = event.time }
        events.message(1, EventItem.event(event))
    }

    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        close()
        if let mark = watermark {
            watermark = nil
            markEvents(.watermark(mark), mark)
            close()
        }
        chunk.message(.scans, at: block.firstTime) { block.encode(raw: raw, into: &$0) }
    }

    /// The source has promised that everything up to this time has been given.
    mutating func watermark(at time: Timestamp) { watermark = time }

    mutating func sourceEnded(at time: Timestamp) {
        openEvents()
        markEvents(.end(time), time)
    }

    /// All messages so far, in order; the next ones begin anew.
    mutating func finish() -> ChunkBytes {
        if open == .nothing, watermark != nil { openEvents() }
        close()
        let result = chunk
        room = max(room, result.contentCount)
        chunk = ChunkBytes(room: room)
        return result
    }

    private mutating func openEvents() {
        if open != .events {
            close()
            open = .events
        }
        if let mark = watermark {
            watermark = nil
            markEvents(.watermark(mark), mark)
        }
    }

    private mutating func markEvents(_ item: EventItem, _ time: Timestamp) {
        open = .events
        if firstEvent == nil { firstEvent = time }
        events.message(1, item)
    }

    /// Completes the message that is open, with the watermark behind its last record.
    private mutating func close() {
        switch open {
        case .nothing: return
        case .edges:
            if let mark = watermark { edges.mark(mark) }
            chunk.message(.edges, at: edges.first) { edges.finish(into: &$0) }
        case .events:
            if let mark = watermark { markEvents(.watermark(mark), mark) }
            chunk.message(.events, at: firstEvent ?? .zero) { $0.bytes.append(contentsOf: events.bytes) }
            events.removeAll()
            firstEvent = nil
        }
        watermark = nil
        open = .nothing
    }
}
