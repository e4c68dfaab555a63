import TapCore

/// Gives the records of a message to a sink, as the source gave them.
enum SpanDecoder {
    /// What stands before a problem has been given when it is thrown.
    static func decode(
        _ kind: SpanMessage.Kind, _ bytes: ArraySlice<UInt8>, into sink: inout some RawSink & ~Copyable
    ) throws(ProtoProblem) {
        var reader = ProtoReader(bytes)
        switch kind {
        case .edges: try edges(&reader, into: &sink)
        case .events: try events(&reader, into: &sink)
        case .scans:
            let (block, raw) = try ScanBlock.decode(&reader)
            unsafe sink.scans(block, raw: raw.span.bytes)
        }
    }

    private static func events(
        _ reader: inout ProtoReader, into sink: inout some RawSink & ~Copyable
    ) throws(ProtoProblem) {
        while let field = try reader.next() {
            guard field == 1 else {
                try reader.skip()
                continue
            }
            switch try reader.message(EventItem.self) {
            case .event(let event): sink.event(event)
            case .watermark(let time): sink.watermark(at: time)
            case .end(let time): sink.sourceEnded(at: time)
            case .other: break
            }
        }
    }

    private static func edges(
        _ reader: inout ProtoReader, into sink: inout some RawSink & ~Copyable
    ) throws(ProtoProblem) {
        var edges = try EdgesDecoder(&reader)
        while let step = try edges.next() {
            switch step {
            case .edge(let edge): sink.edge(edge)
            case .watermark(let time): sink.watermark(at: time)
            }
        }
    }
}
