/// What takes records one after the other: a writer of a format, statistics, a monitor.
///
/// Called on one thread at a time. Each call borrows what it is given for its duration.
///
/// ```swift
/// struct RisingEdges: RecordSink {
///     var count = 0
///     var isIncomplete = false
///     mutating func edge(_ edge: Edge) { if edge.isRising { count += 1 } }
///     mutating func scans(_ block: ScanBlock, raw: RawSpan) {}
///     mutating func event(_ event: Event) { if case .gap = event { isIncomplete = true } }
/// }
/// ```
public protocol RecordSink: ~Copyable {
    mutating func edge(_ edge: Edge)
    /// - Parameter raw: `block.byteCount` bytes, scans one after the other.
    mutating func scans(_ block: ScanBlock, raw: RawSpan)
    /// Every other kind of record. A sink that has no use for any leaves this out.
    mutating func event(_ event: Event)
    /// A batch is over; the next one comes after a tick at the earliest. The place to flush and to redraw.
    ///
    /// - Parameter now: in the gateway's monotonic clock domain.
    mutating func batchEnded(at now: Timestamp) throws(TapError)
    /// Up to then sources were heard, and what there was has been given. Called once, before `finish`; not at all where that is
    /// not known.
    ///
    /// - Parameter end: in the clock of the session's clock fixes.
    mutating func captureEnded(at end: Timestamp)
    /// Nothing follows.
    mutating func finish(at now: Timestamp) throws(TapError)
}

extension RecordSink where Self: ~Copyable {
    public mutating func event(_ event: Event) {}
    public mutating func batchEnded(at now: Timestamp) throws(TapError) {}
    public mutating func captureEnded(at end: Timestamp) {}
    public mutating func finish(at now: Timestamp) throws(TapError) {}
}
