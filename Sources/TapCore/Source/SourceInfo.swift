/// What a source is, can do and promises; constant once it has started.
public struct SourceInfo: Sendable, Hashable {
    public struct Capabilities: OptionSet, Sendable, Hashable {
        public var rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        public static let edges = Capabilities(rawValue: 1 << 0)
        public static let scans = Capabilities(rawValue: 1 << 1)
        /// Edges carry numbers by which a loss in a kernel queue is counted exactly.
        public static let countsQueueLoss = Capabilities(rawValue: 1 << 2)
        /// Levels are read at the start and again each second.
        public static let readsLevels = Capabilities(rawValue: 1 << 3)
        /// A storm line is muted, reported and resumed.
        public static let mutes = Capabilities(rawValue: 1 << 4)
        /// Its chip or device may go and come back.
        public static let returns = Capabilities(rawValue: 1 << 5)
        /// Missing scans are found by their time stamps.
        public static let findsMissingScans = Capabilities(rawValue: 1 << 6)
        /// Waits for room in a ring where the driver allows it, so that nothing is lost; merge waits for it in turn. So
        /// it writes a watermark at the latest after `longestRun` cells, however little time has passed.
        public static let waitsForRoom = Capabilities(rawValue: 1 << 7)
        /// Its records were put in order before: merge keeps them in the order in which they come, and what goes back
        /// in time is flagged late where it stands.
        public static let ordered = Capabilities(rawValue: 1 << 8)
        /// It says what is claimed of tags.
        public static let claims = Capabilities(rawValue: 1 << 9)
    }

    /// Cells that a source which waits for room writes at most from one watermark to the next, blocks of scans that span
    /// it not counted: well below what merge holds.
    public static let longestRun = 1 << 14

    public var name: String
    public var provenance: Provenance
    public var clock: ClockDomain
    public var capabilities: Capabilities
    public var lines: [LineInfo]
    public var devices: [DeviceInfo]
    public var tags: [TagInfo]
    /// A record may come this much after the watermark that covers it.
    public var allowedLateness: Nanoseconds
    /// The longest a healthy source goes without a watermark; past that, merge waits for it no longer.
    public var longestSilence: Nanoseconds
    /// A record that arrives so long after its time is late, whatever was promised: not of a source that waits for room.
    public var longestDelay: Nanoseconds { longestSilence + allowedLateness + .seconds(1) }
    /// After so long merge goes on without the source: a second later than what arrives is late, for it may take that time
    /// from a record's arrival until it is in a ring.
    public var longestWait: Nanoseconds { longestDelay + .seconds(1) }
    /// What this source, on this platform, cannot do: one sentence each, for doctor, header and screen.
    public var limits: [String]

    public init(
        name: String, provenance: Provenance, clock: ClockDomain, capabilities: Capabilities, lines: [LineInfo] = [],
        devices: [DeviceInfo] = [], tags: [TagInfo] = [], allowedLateness: Nanoseconds = .zero,
        longestSilence: Nanoseconds = .milliseconds(100), limits: [String] = []
    ) {
        self.name = name
        self.provenance = provenance
        self.clock = clock
        self.capabilities = capabilities
        self.lines = lines
        self.devices = devices
        self.tags = tags
        self.allowedLateness = allowedLateness
        self.longestSilence = longestSilence
        self.limits = limits
    }
}
