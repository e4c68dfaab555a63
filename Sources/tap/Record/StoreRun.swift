import TapCommand
import TapCore
import TapDriver
import TapRecord
import TapSession

/// A session that is recorded into a store, as `tap record run` and the service run it.
struct StoreRun {
    let plan: SessionPlan
    let store: RecordStore
    var options = StoreOptions()
    /// What else takes the records. The session goes on without one that has failed.
    var others: [any SessionConsumer] = []
    /// Parts of the bytes, which may name sources of the session only.
    var shares: [ShareArgument] = []
    /// What the recorder says while it runs: problems of the medium, and their end.
    var say: @Sendable (String) -> Void = { ExitStatus.say($0) }
    /// Whoever shows what becomes of the recording; nil: nobody.
    var watched: RecordingNow?
    /// Once everything is open and recorded from.
    var began: () -> Void = {}
    /// On the recorder's thread each time that it has taken what was there.
    var onStep: ((Timestamp) -> Void)?

    struct Outcome {
        var result: SessionResult
        var counts: Recorder.Counts
    }

    /// Opens the sources and the store, and records until the session ends. Blocks.
    func run() throws(TapError) -> Outcome {
        var plan = plan
        let made = MadeRecorder()
        let consumer = RawConsumer<Recorder>("store", isEssential: true, onStep: onStep) { _ in made.take() }
        plan.consumers = [consumer] + others
        let session = Session(plan)
        Signals.onInterrupt(session.stopper.stop)
        try session.open()
        var options = options
        let names = session.header.sources.map(\.name)
        for share in shares {
            guard names.contains(share.source) else {
                throw TapError(
                    .usage, "--share \(printable(share.source))", "is no source of this session",
                    remedy: "name one of \(names.map { printable($0) }.joined(separator: ", "))")
            }
            options.shares[share.source] = share.parts
        }
        let (store, say, watched) = (store, say, watched)
        made.recorder = try store.recorder(
            of: session.header,
            clock: .system, options: options, inBackground: plan.options.speed != .max,
            onPause: { watched?.note(isPaused: $0) }
        ) { problem in
            watched?.note(problem)
            say(problem.map { "\($0); trying again" } ?? "\(store.path): recording goes on")
        }
        if let recorder = made.recorder { watched?.note(session: recorder.session) }
        began()
        let result = try session.run()
        return Outcome(result: result, counts: consumer.withSink { $0.counts })
    }
}

/// A recorder on its way to its consumer, which makes its sink once everything is open.
private final class MadeRecorder {
    var recorder: Recorder?

    func take() -> Recorder {
        guard let recorder else { preconditionFailure("the recorder is made before the session runs") }
        return recorder
    }
}
