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
    /// No summary and no status line.
    let isQuiet: Bool

    /// From opening the sources to the summary.
    ///
    /// - Parameters:
    ///   - make: makes the writer, once everything is open.
    ///   - lastWhole: up to when its output is whole.
    func run<Writer: RecordSink & ~Copyable>(
        _ make: @escaping (SessionHeader, consuming ByteWriter) -> Writer,
        lastWhole: (borrowing Writer) -> Timestamp?
    ) throws(TapError) {
        var plan = plan
        let status = !isQuiet && Terminal.isError ? StatusLine() : nil
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
        do throws(TapError) { try session.open() } catch {
            output.withdraw()
            throw error
        }
        output.begin()
        Signals.onInterrupt(session.stopper.stop)
        let result = session.run()
        var unsynced: TapError?
        do throws(TapError) { try synced?.finish() } catch { unsynced = error }
        try conclude(result, consumer.withSink { lastWhole($0.writer) })
        if let unsynced { throw unsynced }
    }

    /// The summary, and what went wrong.
    private func conclude(_ result: SessionResult, _ lastWhole: Timestamp?) throws(TapError) {
        let failure = result.consumers[0].failure
        // A loss that only words say is not a summary.
        for source in result.sources {
            for remark in source.remarks { ExitStatus.say("\(source.info.name): \(remark)") }
        }
        if !isQuiet, failure?.kind != .closedPipe {
            for word in result.realTimeWords { ExitStatus.say("capture threads: \(word)") }
            for line in Summary.lines(result) { ExitStatus.say(line) }
        }
        if var failure {
            if failure.kind == .output {
                let until = lastWhole.map {
                    "it is whole up to \(Words.span($0 - result.header.origin)) after the start (t_ns \($0.nanoseconds))"
                }
                failure.what += "; " + (until ?? "nothing was written")
            }
            throw failure
        }
        for consumer in result.consumers { if let failure = consumer.failure { throw failure } }
        for source in result.sources { if let failure = source.failure { throw failure } }
    }
}
