import TapCommand
import TapCore
import TapDriver
import TapFormats
import TapSession

/// A session as a command runs it: with an output, a status line, Ctrl-C and a summary.
struct SessionRun {
    let plan: SessionPlan
    let output: OutputFile
    /// How often the output is brought onto its medium; nil: when the system does.
    var sync: Nanoseconds?
    /// No summary.
    let isQuiet: Bool
    /// nil: a status line where there is a summary.
    var showsStatus: Bool?
    /// Whether what there is when Ctrl-C ends it is of use.
    var mayEndEarly = true
    /// Of what is open, whether the output can hold it.
    var check: (SessionHeader) throws(TapError) -> Void = { _ throws(TapError) in }

    /// From opening the sources to the summary.
    ///
    /// - Parameters:
    ///   - make: makes the writer, once everything is open.
    ///   - lastWhole: up to when its output is whole.
    ///   - remarks: what the output cannot hold, a sentence each.
    func run<Writer: RecordSink & ~Copyable>(
        _ make: @escaping (SessionHeader, consuming ByteWriter) -> Writer,
        lastWhole: (borrowing Writer) -> Timestamp?, remarks: (borrowing Writer) -> [String] = { _ in [] }
    ) throws(TapError) {
        var plan = plan
        let isVirtual = plan.options.speed == .max
        let status =
            showsStatus ?? !isQuiet && Terminal.isError
            ? StatusLine(length: isVirtual ? plan.options.duration : nil) : nil
        let output = output
        let synced = try sync.map { every throws(TapError) in try SyncedOutput(output, every: every) }
        let target: any ByteOutput = synced ?? output
        let consumer = MergedConsumer<TerminalSink<Writer>>(
            "merge", onBatch: status.map { status in { status.draw($0) } }
        ) { header in
            status?.begin(header)
            return TerminalSink(
                make(header, ByteWriter(target)), status: status,
                isShared: output.isTerminal)
        }
        plan.consumers.insert(consumer, at: 0)
        let session = Session(plan)
        Signals.onInterrupt(session.stopper.stop)
        do throws(TapError) {
            try session.open(check)
            let result = try session.run()
            var unsynced: TapError?
            do throws(TapError) { try synced?.finish() } catch { unsynced = error }
            if !isQuiet {
                for remark in consumer.withSink({ remarks($0.writer) }) { ExitStatus.say("\(output.name): \(remark)") }
            }
            try conclude(result, consumer.withSink { lastWhole($0.writer) })
            if let unsynced { throw unsynced }
        } catch {
            output.abandon()
            throw error
        }
    }

    /// The summary, and what went wrong.
    private func conclude(_ result: SessionResult, _ lastWhole: Timestamp?) throws(TapError) {
        let failure = result.consumers[0].failure
        // What was asked for and refused is said in any case.
        for outcome in result.realTimeWords where failure?.kind != .closedPipe && (!isQuiet || !outcome.granted) {
            ExitStatus.say("capture threads: \(outcome)")
        }
        // A loss that only words say is not a summary.
        for source in result.sources {
            for remark in source.remarks { ExitStatus.say("\(source.info.name): \(remark)") }
        }
        if !isQuiet, failure?.kind != .closedPipe {
            for line in Summary.lines(result, from: plan.options.from) { ExitStatus.say(line) }
        }
        if var failure {
            if failure.kind == .output {
                failure.what +=
                    "; " + (lastWhole.map { SessionRun.whole(up: $0, result) } ?? "nothing was written")
            }
            // What was captured cannot be captured again; what can be run again does not cost the file that is there.
            if lastWhole != nil, ![.simulated, .replayed].contains(result.header.provenance) { try output.commit() }
            throw failure
        }
        guard mayEndEarly || Interruption.signal == nil else {
            throw TapError(.interrupted, output.name, "was interrupted", remedy: "nothing was written")
        }
        try output.commit()
        for consumer in result.consumers { if let failure = consumer.failure { throw failure } }
        for source in result.sources { if let failure = source.failure { throw failure } }
    }

    /// - Parameter last: the stamp of a record, in the clock of whatever source it is from.
    private static func whole(up last: Timestamp, _ result: SessionResult) -> String {
        let header = result.header
        let stamp = "t_ns \(last.nanoseconds)"
        // Of several clocks, the one by which it lies within the session.
        let spans = Set(header.sources.map(\.clock.offsetToMonotonic)).map { last + $0 - header.origin }
            .filter { $0 >= .zero && $0 <= result.lasted + .seconds(1) }
        // The header has the session's own time.
        let span = last == header.origin ? .zero : spans.count == 1 ? spans[0] : nil
        return "it is whole up to " + (span.map { "\(Words.span($0)) after the start (\(stamp))" } ?? stamp)
    }
}
