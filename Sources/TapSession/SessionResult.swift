public import TapCore
public import TapDriver

/// What came of a session.
public struct SessionResult: Sendable {
    public let header: SessionHeader
    /// From opening the sources to their end.
    public let lasted: Nanoseconds
    /// In the header's order.
    public let sources: [Source]
    /// In the plan's order.
    public let consumers: [Consumer]
    /// What became of the scheduling that was asked for, a sentence each.
    public let realTimeWords: [RealTimeOutcome]

    public struct Source: Sendable {
        public let info: SourceInfo
        /// What went into its ring.
        public let edges: UInt64
        public let scans: UInt64
        /// From the kernel's stamp of an edge to its being in the ring, nanoseconds.
        public let delays: Histogram
        /// What it found that its records do not say, a sentence each: how a torn file ends, what was skipped.
        public let remarks: [String]
        /// nil: it was well to its end.
        public let failure: TapError?

        init(_ stage: any Capturing) {
            info = stage.info
            edges = stage.edges
            scans = stage.scans
            delays = stage.delays
            remarks = stage.remarks
            failure = stage.failure
        }
    }

    public struct Consumer: Sendable {
        public let name: String
        /// nil: it counts nothing.
        public let statistics: CaptureStatistics?
        /// nil: it took everything, but for what its records report as lost.
        public let failure: TapError?
    }
}
