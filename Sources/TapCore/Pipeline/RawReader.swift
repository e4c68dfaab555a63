/// Reads the records of one source by themselves, as they were written. On one thread at a time.
public struct RawReader: ~Copyable, Sendable {
    private var ring: RingConsumer
    private let gate: FeedGate
    /// Nothing follows.
    public private(set) var hasEnded = false

    /// - Parameter feed: read by nobody else, otherwise this traps.
    public init(_ feed: RecordFeed) {
        ring = feed.takeRing()
        gate = feed.gate
    }

    /// Time alone brings nothing.
    mutating func isIdle() -> Bool { !hasEnded && ring.available(atLeast: 1) == 0 }

    /// Takes what is there, a ringful at most, so that a source faster than the sink cannot make it endless.
    ///
    /// - Parameters:
    ///   - source: the number that the sink is given.
    ///   - cells: takes no more records once so many cells were taken.
    public mutating func drain<Sink: RawSink & ~Copyable>(source: Int, atMost cells: Int = .max, into sink: inout Sink)
    {
        var budget = min(ring.available(atLeast: .max), cells)
        guard budget > 0 else { return }
        sink.begin(source: source)
        while budget > 0 {
            var isEnd = hasEnded
            let taken = ring.read { RawReader.give($0, atMost: budget, to: &sink, &isEnd) }
            hasEnded = isEnd
            // What the ring has is whole records.
            budget -= max(1, taken)
        }
    }

    /// Nothing is taken any more: the source does not wait for this reader.
    public func close() { gate.close() }

    /// - Returns: the cells of whole records that were given.
    private static func give<Sink: RawSink & ~Copyable>(
        _ cells: Span<Cell>, atMost limit: Int, to sink: inout Sink, _ hasEnded: inout Bool
    ) -> Int {
        var offset = 0
        while offset < cells.count, offset < limit {
            let run = min(RecordDecoder.edges(cells, from: offset), limit - offset)
            if run > 0 {
                sink.edges(cells.extracting(offset..<offset + run))
                offset += run
                continue
            }
            let length = RecordDecoder.length(cells, at: offset)
            let header = RecordHeader(cells[offset])
            switch header.kind {
            case .watermark: sink.watermark(at: header.time)
            case .end:
                hasEnded = true
                sink.sourceEnded(at: header.time)
            case .pad: break
            default: RecordDecoder.deliver(cells.extracting(offset..<offset + length), to: &sink)
            }
            offset += length
        }
        return offset
    }
}
