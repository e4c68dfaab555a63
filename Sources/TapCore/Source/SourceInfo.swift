/// A digital line as a session knows it.
public struct LineInfo: Sendable, Hashable {
    public var id: LineID
    /// The board's name for it.
    public var name: String
    /// The kernel chip's label and the offset on it; the label is empty for a simulated line.
    public var chip: String
    public var offset: Int
    /// The header pin, as printed on the board; empty if none.
    public var pin: String
    public var options: LineOptions
    /// Events the kernel queue was asked to hold, and holds by the kernel's rule (no call returns it); nil: not a kernel line.
    public var queueAsked: Int?
    public var queueHeld: Int?

    public init(
        id: LineID, name: String, chip: String = "", offset: Int = 0, pin: String = "",
        options: LineOptions = LineOptions(), queueAsked: Int? = nil, queueHeld: Int? = nil
    ) {
        self.id = id
        self.name = name
        self.chip = chip
        self.offset = offset
        self.pin = pin
        self.options = options
        self.queueAsked = queueAsked
        self.queueHeld = queueHeld
    }
}

/// How a line is to be listened to.
public struct LineOptions: Sendable, Hashable {
    public enum Bias: String, Sendable, Hashable, CaseIterable {
        case asIs = "as-is"
        case disabled
        case pullUp = "pull-up"
        case pullDown = "pull-down"
    }
    public enum Edges: String, Sendable, Hashable, CaseIterable {
        case both, rising, falling
    }

    /// As is unless asked: a bias injects a current into the wire.
    public var bias: Bias
    public var isActiveLow: Bool
    public var edges: Edges
    /// The kernel's debounce, off at zero: an evidence recorder captures raw and filters afterwards.
    public var debounce: Nanoseconds

    public init(
        bias: Bias = .asIs, isActiveLow: Bool = false, edges: Edges = .both, debounce: Nanoseconds = .zero
    ) {
        self.bias = bias
        self.isActiveLow = isActiveLow
        self.edges = edges
        self.debounce = debounce
    }
}

/// An ADC or other scanning device as a session knows it.
public struct DeviceInfo: Sendable, Hashable {
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// The kernel fills a buffer of scans.
        case buffered
        /// Each channel is read by itself, between two stamps.
        case polled
        case simulated
        /// A capture file held it.
        case replayed
    }

    public var id: DeviceID
    public var name: String
    /// The libiio context it was reached by; empty for a simulated device.
    public var context: String
    public var method: Method
    /// Whether scans carry their own times: without, losses cannot be known.
    public var isTimestamped: Bool
    /// Nominal scans per second; nil: not known.
    public var rate_hz: Double?
    public var bytesPerScan: Int
    public var channels: [ChannelInfo]
    /// Where in a scan its own time lies; nil: nowhere. Not one of `channels`.
    public var timestamp: ChannelInfo?

    public init(
        id: DeviceID, name: String, context: String = "", method: Method, isTimestamped: Bool, rate_hz: Double?,
        bytesPerScan: Int, channels: [ChannelInfo], timestamp: ChannelInfo? = nil
    ) {
        self.id = id
        self.name = name
        self.context = context
        self.method = method
        self.isTimestamped = isTimestamped
        self.rate_hz = rate_hz
        self.bytesPerScan = bytesPerScan
        self.channels = channels
        self.timestamp = timestamp
    }
}

/// One channel of a device: where its sample lies in a scan and what it means.
public struct ChannelInfo: Sendable, Hashable {
    public var name: String
    /// The device's own name of the channel, as `voltage0`.
    public var channel: String
    public var pin: String
    /// The SI unit of converted values, as `V`.
    public var unit: String
    /// Byte offset of the (first) sample in a scan.
    public var byteOffset: Int
    public var format: ScanFormat
    /// value = (raw + offset) * scale, in `unit`.
    public var offset: Double
    public var scale: Double

    public init(
        name: String, channel: String, pin: String = "", unit: String, byteOffset: Int, format: ScanFormat,
        offset: Double, scale: Double
    ) {
        self.name = name
        self.channel = channel
        self.pin = pin
        self.unit = unit
        self.byteOffset = byteOffset
        self.format = format
        self.offset = offset
        self.scale = scale
    }

    /// A raw integer sample in `unit`.
    @inlinable
    public func value(ofRaw raw: Int64) -> Double { (Double(raw) + offset) * scale }

    /// The sample at a byte offset in `unit`.
    ///
    /// - Parameter position: with `format.bytesPerSample` bytes behind it, otherwise this traps.
    public func value(in raw: RawSpan, at position: Int) -> Double {
        (format.number(in: raw, at: position) + offset) * scale
    }
}

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
    /// A record may come this much after the watermark that covers it.
    public var allowedLateness: Nanoseconds
    /// The longest a healthy source goes without a watermark; past that, merge waits for it no longer.
    public var longestSilence: Nanoseconds
    /// What this source, on this platform, cannot do: one sentence each, for doctor, header and screen.
    public var limits: [String]

    public init(
        name: String, provenance: Provenance, clock: ClockDomain, capabilities: Capabilities, lines: [LineInfo] = [],
        devices: [DeviceInfo] = [], allowedLateness: Nanoseconds = .zero,
        longestSilence: Nanoseconds = .milliseconds(100), limits: [String] = []
    ) {
        self.name = name
        self.provenance = provenance
        self.clock = clock
        self.capabilities = capabilities
        self.lines = lines
        self.devices = devices
        self.allowedLateness = allowedLateness
        self.longestSilence = longestSilence
        self.limits = limits
    }
}
