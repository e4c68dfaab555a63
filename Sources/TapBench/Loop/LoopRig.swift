public import TapCore
public import TapSim

/// What was driven in one run, and what was seen of it. Lines are numbered as the rig has them.
public struct LoopTrial: Sendable {
    /// In the order in which they were made.
    public var drives: [DriveRecord]
    /// Of each line, in the order in which they came.
    public var edges: [[Edge]]
    public var gaps: [Gap]
    /// From stamp to ring.
    public var ringDelays: Histogram
    public var writes: Histogram

    public init(
        drives: [DriveRecord], edges: [[Edge]], gaps: [Gap] = [], ringDelays: Histogram = Histogram(),
        writes: Histogram = Histogram()
    ) {
        self.drives = drives
        self.edges = edges
        self.gaps = gaps
        self.ringDelays = ringDelays
        self.writes = writes
    }
}

/// Lines that are driven and listened to at once. All are low before and after each run.
public protocol LoopRig: AnyObject {
    var lineCount: Int { get }
    /// Blocks until everything was driven and captured.
    ///
    /// - Parameter plan: in order of time, the last change of each line to low.
    /// - Returns: nil if it was stopped.
    func run(_ plan: [WireTransitions.Change]) throws(TapError) -> LoopTrial?
}
