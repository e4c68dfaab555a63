/// Brings the records of several sources into one order and gives them to a sink.
///
/// The order is (time, source, record number), times mapped to the gateway's monotonic clock. A record is given on
/// once every source has promised, by a watermark, that nothing earlier is to come. What comes all the same is given
/// on at once and flagged late. A source that has ended, or is silent for longer than it says it may be, holds
/// nothing back.
///
/// At most the input's `capacity` of cells of a source wait here; beyond that they wait in its ring, and the ring reports
/// its loss. A source whose own next watermark is stuck behind them is not waited for: see `MergeInput.promise(at:)`.
public final class MergeStage<Sink: RecordSink & ~Copyable>: Stage {
    public let name: String
    public let isEssential: Bool
    public private(set) var failure: TapError?
    private var inputs: [MergeInput]
    private var sink: Sink
    private var delivered = Timestamp.zero
    private var nexts: [Timestamp]
    private let tick: Nanoseconds
    private var isFinished = false

    /// - Parameters:
    ///   - tick: how often rings are drained.
    ///   - isEssential: see `Stage`.
    public init(
        _ inputs: [MergeInput], into sink: consuming Sink, tick: Nanoseconds = .milliseconds(5),
        name: String = "merge", isEssential: Bool = false
    ) {
        self.name = name
        self.isEssential = isEssential
        self.inputs = inputs
        nexts = Array(repeating: .zero, count: inputs.count)
        self.sink = sink
        self.tick = tick
    }

    public func start(at now: Timestamp) -> Wake { .at(now + tick) }

    public func step(at now: Timestamp) -> Wake {
        guard !isFinished else { return .ended }
        do throws(TapError) {
            for input in inputs { input.beginStep() }
            repeat {
                for input in inputs { input.drain() }
                if let horizon = horizon(at: now) { deliver(upTo: horizon) }
            } while inputs.contains { $0.isBehind && $0.hasDelivered }
            try sink.batchEnded(at: now)
            guard inputs.allSatisfy({ $0.hasEnded }) else { return .at(now + tick) }
            sink.captureEnded(at: min(now, inputs.reduce(.zero) { max($0, $1.reached) }))
            try sink.finish(at: now)
        } catch {
            failure = error
        }
        isFinished = true
        for input in inputs { input.close() }
        return .ended
    }

    /// Time alone changes nothing for inputs that are waited for however long it takes.
    public var isIdle: Bool { !isFinished && inputs.allSatisfy { $0.isIdle } }

    /// Ends when its sources have: nothing that is in a ring is left there.
    public func requestStop() {}

    /// Gives the sink to `body`, once the stage has ended or from its own thread.
    public func withSink<Result: ~Copyable>(_ body: (inout Sink) -> Result) -> Result { body(&sink) }

    /// Up to where every input has promised; nil as long as one has not promised anything.
    private func horizon(at now: Timestamp) -> Timestamp? {
        var horizon = Timestamp.distantFuture
        for input in inputs {
            guard let promise = input.promise(at: now) else { return nil }
            horizon = min(horizon, promise)
        }
        return horizon
    }

    private func deliver(upTo horizon: Timestamp) {
        for index in inputs.indices { nexts[index] = inputs[index].next ?? .distantFuture }
        MergeStage.deliver(upTo: horizon, inputs, &nexts, last: &delivered, to: &sink)
    }

    /// With all that is touched for each record at hand: a class's accesses are checked at run time.
    ///
    /// - Parameter nexts: when each input's first record is.
    private static func deliver(
        upTo horizon: Timestamp, _ inputs: [MergeInput], _ nexts: inout [Timestamp], last: inout Timestamp,
        to sink: inout Sink
    ) {
        while true {
            var best = 0
            var bestTime = Timestamp.distantFuture
            // What the best input may deliver up to before another one has to be looked at.
            var limit = horizon
            for index in nexts.indices {
                let time = nexts[index]
                if time < bestTime {
                    if bestTime != .distantFuture { limit = min(limit, bestTime - Nanoseconds(1)) }
                    best = index
                    bestTime = time
                } else {
                    // An input further down the list gives way where times are equal.
                    limit = min(limit, time)
                }
            }
            if bestTime == .distantFuture, horizon == .distantFuture {
                // A record at the end of time looks like none.
                guard let waiting = inputs.firstIndex(where: { $0.next != nil }) else { return }
                best = waiting
            } else if bestTime > horizon {
                return
            }
            nexts[best] = inputs[best].deliver(upTo: max(limit, bestTime), last: &last, to: &sink) ?? .distantFuture
        }
    }
}
