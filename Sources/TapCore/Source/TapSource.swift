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

    /// What it found that its records do not say, a sentence each, for people: see `CaptureReader.remarks`.
    var remarks: [String] { get }
}

extension TapSource where Self: ~Copyable {
    public var stopper: Stopper? { nil }
    public var remarks: [String] { [] }
}
