import TapCore

@testable import TapRecord

/// What a source gives between two calls of the clock, one after the other.
enum Given: Hashable {
    case edge(Edge)
    case event(Event)
    case scans(ScanBlock, [UInt8])
    case watermark(Timestamp)
    case end(Timestamp)

    var time: Timestamp {
        switch self {
        case .edge(let edge): edge.time
        case .event(let event): event.time
        case .scans(let block, _): block.firstTime
        case .watermark(let time), .end(let time): time
        }
    }

    var isWatermark: Bool {
        if case .watermark = self { true } else { false }
    }

    func encode(into encoder: inout SpanEncoder) {
        switch self {
        case .edge(let edge):
            let cell: InlineArray<1, Cell> = [edge.cell]
            encoder.edges(cell.span)
        case .event(let event): encoder.event(event)
        case .scans(let block, let bytes): unsafe encoder.scans(block, raw: bytes.span.bytes)
        case .watermark(let time): encoder.watermark(at: time)
        case .end(let time): encoder.sourceEnded(at: time)
        }
    }

    /// What is kept: of several watermarks side by side the last.
    static func kept(_ all: [Given]) -> [Given] {
        var kept: [Given] = []
        for given in all {
            if given.isWatermark, kept.last?.isWatermark == true { kept.removeLast() }
            kept.append(given)
        }
        return kept
    }
}

/// Keeps what it is given.
struct GivenSink: RawSink {
    var given: [Given] = []

    mutating func edge(_ edge: Edge) { given.append(.edge(edge)) }
    mutating func event(_ event: Event) { given.append(.event(event)) }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        given.append(.scans(block, (0..<raw.byteCount).map { raw.load(at: $0) }))
    }
    mutating func begin(source: Int) {}
    mutating func watermark(at time: Timestamp) { given.append(.watermark(time)) }
    mutating func sourceEnded(at time: Timestamp) { given.append(.end(time)) }

    init() {}

    init(_ messages: [GivenMessage]) throws(ProtoProblem) {
        for message in messages { try SpanDecoder.decode(message.kind, message.bytes[...], into: &self) }
    }
}
