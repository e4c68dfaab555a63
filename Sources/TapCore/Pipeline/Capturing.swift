/// A capture stage of any source: what wiring and a summary need of it.
public protocol Capturing: Stage {
    /// Complete once it is open.
    var info: SourceInfo { get }
    /// See `CaptureStage.makeFeeds`.
    func makeFeeds(_ count: Int) -> [RecordFeed]
    /// See `CaptureStage.open`.
    func open(at now: Timestamp) throws(TapError)
    /// What went into the ring, and how late: to be read once the stage has ended, or from its own thread.
    var edges: UInt64 { get }
    var scans: UInt64 { get }
    var delays: Histogram { get }
    /// What the source found that its records do not say; read as above.
    var remarks: [String] { get }
    /// When the source ended on its own; nil: it did not.
    var ended: Timestamp? { get }
}

extension Capturing {
    /// The only consumer's input, of a merge: once, after `open`; otherwise this traps.
    public func makeInput() -> MergeInput { MergeInput(makeFeeds(1)[0]) }
}
