public import TapCore
import TapSim

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
