import TapCommand
import TapCore
import TapFormats
import TapSession

/// Makes a .sr file of a session: an archive, once the session has ended. It ends while there is room for that.
struct SampledSink: RecordSink {
    private var writer: SigrokWriter?
    private var failure: TapError?
    private let name: String
    private let stop: @Sendable () -> Void
    private let progress: ConversionProgress?
    /// What cannot be captured again is kept in part too.
    private let isKept: Bool
    private var isFull = false
    /// When the session had ended, once the archive is whole.
    private(set) var lastWhole: Timestamp?
    var remarks: [String] { lastWhole == nil ? [] : writer?.remarks ?? [] }

    /// - Parameter name: of the output, for messages.
    init(
        _ header: SessionHeader, _ plan: SessionPlan, to output: OutputFile, name: String, rate_hz: UInt64,
        progress: ConversionProgress?
    ) {
        self.name = printable(name)
        self.progress = progress
        stop = plan.stopper.stop
        isKept = ![.simulated, .replayed].contains(header.provenance)
        var header = header
        header.origin = header.origin + plan.options.from
        do throws(TapError) {
            var writer = try SigrokWriter(header, to: output.place, name: name, rate_hz: rate_hz)
            // The first request ends the capture, and what was captured is still to be written.
            writer.isInterrupted = { Interruption.count > 1 }
            writer.onPacking = { share, bytes in
                progress?.show(Conversion.Progress(step: .packing(bytes: bytes), share: share))
            }
            self.writer = writer
        } catch {
            failure = error
        }
    }

    mutating func edge(_ edge: Edge) { writer?.edge(edge) }
    mutating func event(_ event: Event) { writer?.event(event) }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) { writer?.scans(block, raw: raw) }

    mutating func batchEnded(at now: Timestamp) throws(TapError) {
        if let failure { throw failure }
        try writer?.batchEnded(at: now)
        guard !isFull, let writer, !writer.hasRoom(at: now) else { return }
        isFull = true
        stop()
    }

    mutating func captureEnded(at end: Timestamp) { writer?.captureEnded(at: end) }

    mutating func finish(at now: Timestamp) throws(TapError) {
        Signals.keep()
        defer { progress?.end() }
        try writer?.finish(at: now)
        if isKept || !isFull { lastWhole = now }
        guard isFull else { return }
        throw TapError(
            .output, name, "has room for no more samples", remedy: "give a lower --rate, make room or write elsewhere")
    }
}
