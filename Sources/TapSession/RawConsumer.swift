public import TapCore

/// A consumer that takes the records of each source by themselves, unmerged, up to the end of the session: a limit of
/// count is one of merged records, so it ends this one's only with the session.
public final class RawConsumer<Sink: RawSink & ~Copyable>: SessionConsumer {
    public let name: String
    public let isEssential: Bool
    private let makeSink: (SessionHeader) -> Sink
    private let onStep: ((Timestamp) -> Void)?
    private var stage: RawStage<Sink>?

    /// - Parameters:
    ///   - isEssential: the session ends once this one has failed.
    ///   - onStep: called on the consumer's own thread each time that it has taken what was there, with the time.
    ///   - makeSink: called once, when everything is open.
    public init(
        _ name: String, isEssential: Bool = false, onStep: ((Timestamp) -> Void)? = nil,
        into makeSink: @escaping (SessionHeader) -> Sink
    ) {
        self.onStep = onStep
        self.name = name
        self.isEssential = isEssential
        self.makeSink = makeSink
    }

    public func makeStage(_ start: SessionStart) -> any Stage {
        let made = RawStage(
            start.feeds, into: makeSink(start.header), tick: start.tick, name: name, isEssential: isEssential,
            onStep: onStep)
        stage = made
        return made
    }

    public var statistics: CaptureStatistics? { nil }

    /// Gives the sink to `body`, once the session has run; before it this traps.
    public func withSink<Result>(_ body: (inout Sink) -> Result) -> Result {
        guard let stage else { preconditionFailure("consumer '\(name)' has not been run") }
        return stage.withSink(body)
    }
}
