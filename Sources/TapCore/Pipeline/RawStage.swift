/// Gives the records of each source by themselves, unmerged and as they were written, to a sink.
public final class RawStage<Sink: RawSink & ~Copyable>: Stage {
    public let name: String
    public let isEssential: Bool
    public private(set) var failure: TapError?
    private let feeds: [RecordFeed]
    private let readers: [RawReader]
    private var sink: Sink
    private let tick: Nanoseconds
    private let onStep: ((Timestamp) -> Void)?
    private var isFinished = false

    /// - Parameters:
    ///   - feeds: of the sources, whose numbers are their places here.
    ///   - tick: how often rings are drained.
    ///   - onStep: called each time that they were, with the time before.
    ///   - isEssential: see `Stage`.
    public init(
        _ feeds: [RecordFeed], into sink: consuming Sink, tick: Nanoseconds = .milliseconds(5), name: String = "raw",
        isEssential: Bool = false, onStep: ((Timestamp) -> Void)? = nil
    ) {
        self.onStep = onStep
        self.name = name
        self.feeds = feeds
        self.isEssential = isEssential
        readers = feeds.map { RawReader($0.takeRing()) }
        self.sink = sink
        self.tick = tick
    }

    public func start(at now: Timestamp) -> Wake { .at(now + tick) }

    public func step(at now: Timestamp) -> Wake {
        guard !isFinished else { return .ended }
        do throws(TapError) {
            for index in readers.indices { readers[index].drain(source: index, into: &sink) }
            try sink.batchEnded(at: now)
            onStep?(now)
            guard readers.allSatisfy(\.hasEnded) else { return .at(now + tick) }
            try sink.finish(at: now)
        } catch { failure = error }
        isFinished = true
        for feed in feeds { feed.close() }
        return .ended
    }

    public var isIdle: Bool { !isFinished && readers.allSatisfy(\.isIdle) }

    /// Ends when its sources have: nothing that is in a ring is left there.
    public func requestStop() {}

    /// Gives the sink to `body`, once the stage has ended or from its own thread.
    public func withSink<Result: ~Copyable>(_ body: (inout Sink) -> Result) -> Result { body(&sink) }
}

/// One source's ring. A class, because an array holds nothing that is move-only.
private final class RawReader {
    private var ring: RingConsumer
    private(set) var hasEnded = false

    init(_ ring: consuming RingConsumer) { self.ring = ring }

    var isIdle: Bool { !hasEnded && ring.available(atLeast: 1) == 0 }

    /// Takes what is there, a ringful at most, so that a source faster than the sink cannot make it endless.
    func drain<Sink: RawSink & ~Copyable>(source: Int, into sink: inout Sink) {
        var budget = ring.available(atLeast: .max)
        guard budget > 0 else { return }
        sink.begin(source: source)
        while budget > 0 { budget -= ring.read(atMost: budget) { RawReader.give($0, to: &sink, &hasEnded) } }
    }

    private static func give<Sink: RawSink & ~Copyable>(
        _ cells: Span<Cell>, to sink: inout Sink, _ hasEnded: inout Bool
    ) -> Int {
        var offset = 0
        while offset < cells.count {
            let run = RecordDecoder.edges(cells, from: offset)
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
