public import TapCore

/// A consumer that takes all records of a session, within its limits, in one order.
public final class MergedConsumer<Sink: RecordSink & ~Copyable>: SessionConsumer {
    public let name: String
    public let isEssential: Bool
    private let makeSink: (SessionHeader) -> Sink
    private let onBatch: ((SessionProgress) -> Void)?
    private var stage: MergeStage<SessionSink<Sink>>?

    /// - Parameters:
    ///   - isEssential: the session ends once this one has failed.
    ///   - onBatch: called after each batch, on the consumer's thread.
    ///   - makeSink: called once, when everything is open.
    public init(
        _ name: String, isEssential: Bool = false, onBatch: ((SessionProgress) -> Void)? = nil,
        into makeSink: @escaping (SessionHeader) -> Sink
    ) {
        self.name = name
        self.isEssential = isEssential
        self.onBatch = onBatch
        self.makeSink = makeSink
    }

    public func makeStage(_ start: SessionStart) -> any Stage {
        let (header, onBatch) = (start.header, onBatch)
        let inputs = start.feeds.map { MergeInput($0) }
        let sink = SessionSink(
            makeSink(header), CaptureStatistics(header), limits: start.limits, stopper: start.stopper,
            onBatch: onBatch.map { show in { show(SessionProgress(statistics: $0, now: $1, inputs: inputs)) } })
        let made = MergeStage(inputs, into: sink, tick: start.tick, name: name, isEssential: isEssential)
        stage = made
        return made
    }

    public var statistics: CaptureStatistics? { stage?.withSink { $0.statistics } }

    /// Gives the sink to `body`, once the session has run; before it this traps.
    public func withSink<Result>(_ body: (inout Sink) -> Result) -> Result {
        guard let stage else { preconditionFailure("consumer '\(name)' has not been run") }
        return stage.withSink { body(&$0.sink) }
    }
}
