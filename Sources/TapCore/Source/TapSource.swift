/// Wires: hardware, simulated or replayed. Everything downstream sees only this.
///
/// A source is passive: a driver calls `start`, then `step` whenever the last `Wake` came true, then `stop`, all on
/// one thread at a time. It writes what it has into the writer; it never waits for a consumer. Every implementation
/// passes the conformance suite in `Tests/TapConformance`.
public protocol TapSource: ~Copyable, Sendable {
    /// Complete and constant after `start`.
    var info: SourceInfo { get }

    /// Opens what it reads and writes the first levels. On an error nothing stays open.
    ///
    /// May block as long as the hardware takes to be opened.
    mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake

    /// Writes what has come, and a watermark.
    ///
    /// Blocks no longer than the stopper's `longestBlock`. An error ends the source.
    mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake

    /// Takes what is still queued, then closes everything.
    mutating func stop(at now: Timestamp, into writer: inout RecordWriter)

    /// For a source whose `step` blocks where its `Wake` cannot be polled; nil for the others.
    var stopper: Stopper? { get }
}

extension TapSource where Self: ~Copyable {
    public var stopper: Stopper? { nil }
}

/// Ends a blocking read from another thread.
public struct Stopper: Sendable {
    /// May be called from any thread, more than once, also after the source has ended.
    public var stop: @Sendable () -> Void
    /// `step` returns at the latest this long after `stop` was called.
    public var longestBlock: Nanoseconds

    public init(longestBlock: Nanoseconds, stop: @escaping @Sendable () -> Void) {
        self.longestBlock = longestBlock
        self.stop = stop
    }
}

/// When a stage wants its next step.
public enum Wake: Sendable, Hashable {
    /// At this time; one not after the present means at once.
    case at(Timestamp)
    /// When the file descriptor becomes readable, but at this time at the latest.
    case readable(Int32, orAt: Timestamp)
    /// When a consumer has made room in the ring.
    case room
    /// Never again.
    case ended
}
