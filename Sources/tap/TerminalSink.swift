import TapCore

/// A writer that may share its terminal with the status line, which gives way to each record.
struct TerminalSink<Writer: RecordSink & ~Copyable>: RecordSink, ~Copyable {
    private(set) var writer: Writer
    private let status: StatusLine?
    /// Records go to a terminal too, most likely the same.
    private let isShared: Bool

    init(_ writer: consuming Writer, status: StatusLine?, isShared: Bool) {
        self.writer = writer
        self.status = status
        self.isShared = isShared
    }

    private func makeRoom() { if isShared { status?.clear() } }

    mutating func edge(_ edge: Edge) {
        makeRoom()
        writer.edge(edge)
    }

    mutating func event(_ event: Event) {
        makeRoom()
        writer.event(event)
    }

    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        makeRoom()
        status?.take(block, raw)
        writer.scans(block, raw: raw)
    }

    mutating func batchEnded(at now: Timestamp) throws(TapError) {
        do throws(TapError) { try writer.batchEnded(at: now) } catch {
            status?.clear()
            throw error
        }
    }

    mutating func captureEnded(at end: Timestamp) { writer.captureEnded(at: end) }

    mutating func finish(at now: Timestamp) throws(TapError) {
        status?.clear()
        try writer.finish(at: now)
    }
}
