import TapCore

/// Collects one source's records into messages, in the source's own order.
///
/// Edges one after the other make one message, other events one, each block of scans one. Of several watermarks without
/// a record between them the last is kept. A watermark between records of two kinds goes into the message of the first;
/// behind scans into the one that follows.
///
/// `edge` takes a few nanoseconds; nothing is allocated while memory that an earlier message took suffices.
struct SpanEncoder: Sendable {
    private enum Open { case nothing, edges, events }

    private var open = Open.nothing
    /// The latest watermark, if no record came after it.
    private var watermark: Timestamp?
    /// Edges are open, and no watermark is to be written before the next.
    private var isPlain = false
    private var edges = EdgesEncoder()
    private var events = ProtoWriter()
    /// Of the first record, watermark or end in `events`; nil: it holds none.
    private var firstEvent: Timestamp?
    private var messages: [SpanMessage] = []
    private var completeBytes = 0

    init() {}

    /// What the messages take so far, within a few kilobytes.
    var byteCount: Int { completeBytes + edges.byteCount + events.bytes.count }

    @inline(__always)
    mutating func edge(_ edge: Edge) {
        if !isPlain { prepareEdge(edge.time) }
        edges.append(edge)
    }

    @inline(never)
    private mutating func prepareEdge(_ time: Timestamp) {
        if open != .edges {
            close()
            open = .edges
            edges.begin(at: time)
        }
        if let mark = watermark { edges.mark(mark) }
        watermark = nil
        isPlain = true
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
        var writer = ProtoWriter()
        block.encode(raw: raw, into: &writer)
        complete(SpanMessage(kind: .scans, firstTime: block.firstTime, bytes: writer.bytes))
    }

    /// The source has promised that everything up to this time has been given.
    @inline(__always)
    mutating func watermark(at time: Timestamp) {
        watermark = time
        isPlain = false
    }

    mutating func sourceEnded(at time: Timestamp) {
        openEvents()
        markEvents(.end(time), time)
    }

    /// All messages so far, in order; the next ones begin anew.
    mutating func finish() -> [SpanMessage] {
        if open == .nothing, watermark != nil { openEvents() }
        close()
        let result = messages
        messages = []
        completeBytes = 0
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
        isPlain = false
        switch open {
        case .nothing: return
        case .edges:
            if let mark = watermark { edges.mark(mark) }
            complete(edges.finish())
        case .events:
            if let mark = watermark { markEvents(.watermark(mark), mark) }
            complete(SpanMessage(kind: .events, firstTime: firstEvent ?? .zero, bytes: Array(events.bytes[...])))
            events.removeAll()
            firstEvent = nil
        }
        watermark = nil
        open = .nothing
    }

    private mutating func complete(_ message: SpanMessage) {
        completeBytes += message.bytes.count
        messages.append(message)
    }
}
