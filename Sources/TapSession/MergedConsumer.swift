public import TapCore

/// A consumer that takes all records of a session, within its limits, in one order.
public final class MergedConsumer<Sink: RecordSink & ~Copyable>: SessionConsumer {
    public let name: String
    public let isEssential: Bool
    private let makeSink: (SessionHeader) -> Sink
    private let onBatch: ((SessionProgress) -> Void)?
    /// Gives what stands behind the merge to its argument; nil: nothing does yet.
    private var reach: (((inout SessionSink<Sink>) -> Void) -> Void)?

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
        guard start.limits.from > .zero else {
            let stage = MergeStage(inputs, into: sink, tick: start.tick, name: name, isEssential: isEssential)
            reach = { body in stage.withSink { body(&$0) } }
            return stage
        }
        // Before the statistics: what is not written is not counted either.
        let window = RecordWindow(header, from: start.limits.from, to: nil, into: sink)
        let stage = MergeStage(inputs, into: window, tick: start.tick, name: name, isEssential: isEssential)
        reach = { body in stage.withSink { body(&$0.sink) } }
        return stage
    }

    public var statistics: CaptureStatistics? {
        var statistics: CaptureStatistics?
        reach? { statistics = $0.statistics }
        return statistics
    }

    /// Gives the sink to `body`, once the session has run; before it this traps.
    public func withSink<Result>(_ body: (inout Sink) -> Result) -> Result {
        guard let reach else { preconditionFailure("consumer '\(name)' has not been run") }
        var result: Result?
        reach { result = body(&$0.sink) }
        guard let result else { preconditionFailure("consumer '\(name)' has lost its sink") }
        return result
    }
}
