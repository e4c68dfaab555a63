/// Gives the records of each source by themselves, unmerged and as they were written, to a sink.
public final class RawStage<Sink: RawSink & ~Copyable>: Stage {
    public let name: String
    public let isEssential: Bool
    public private(set) var failure: TapError?
    private let inputs: [RawInput]
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
        self.isEssential = isEssential
        inputs = feeds.map { RawInput($0) }
        self.sink = sink
        self.tick = tick
    }

    public func start(at now: Timestamp) -> Wake { .at(now + tick) }

    public func step(at now: Timestamp) -> Wake {
        guard !isFinished else { return .ended }
        do throws(TapError) {
            for index in inputs.indices { inputs[index].reader.drain(source: index, into: &sink) }
            try sink.batchEnded(at: now)
            onStep?(now)
            guard inputs.allSatisfy({ $0.reader.hasEnded }) else { return .at(now + tick) }
            try sink.finish(at: now)
        } catch { failure = error }
        isFinished = true
        for input in inputs { input.reader.close() }
        return .ended
    }

    public var isIdle: Bool { !isFinished && inputs.allSatisfy { $0.reader.isIdle() } }

    /// Ends when its sources have: nothing that is in a ring is left there.
    public func requestStop() {}

    /// Gives the sink to `body`, once the stage has ended or from its own thread.
    public func withSink<Result: ~Copyable>(_ body: (inout Sink) -> Result) -> Result { body(&sink) }
}

/// A class, because an array holds nothing that is move-only.
private final class RawInput {
    var reader: RawReader

    init(_ feed: RecordFeed) { reader = RawReader(feed) }
}
