/// An ADC of a board, or a usual one for it.
public struct BoardADC: Sendable, Hashable {
    public var name: String
    /// The IIO device's name as the kernel shows it.
    public var device: String
    public var driver: String
    /// The libiio context URI.
    public var context: String
    public var method: DeviceInfo.Method
    public var isTimestamped: Bool
    /// All channels sampled at once; otherwise in turn.
    public var isSimultaneous: Bool
    public var isOneChannelPerBuffer: Bool
    /// Of the whole converter, scans per second; nil: not known.
    public var maximumRate_hz: Double?
    /// Scans per second to ask for; nil: as the device or trigger stands.
    public var rate_hz: Double?
    /// The IIO trigger to use; nil: the device's own.
    public var trigger: String?
    /// Soldered on the board; otherwise a usual add-on.
    public var isFitted: Bool
    public var channels: [BoardChannel]
    public var note: String

    public init(
        name: String, device: String, driver: String = "", context: String = "local:", method: DeviceInfo.Method,
        isTimestamped: Bool = false, isSimultaneous: Bool = false, isOneChannelPerBuffer: Bool = false,
        maximumRate_hz: Double? = nil, rate_hz: Double? = nil, trigger: String? = nil, isFitted: Bool = false,
        channels: [BoardChannel] = [], note: String = ""
    ) {
        self.name = name
        self.device = device
        self.driver = driver
        self.context = context
        self.method = method
        self.isTimestamped = isTimestamped
        self.isSimultaneous = isSimultaneous
        self.isOneChannelPerBuffer = isOneChannelPerBuffer
        self.maximumRate_hz = maximumRate_hz
        self.rate_hz = rate_hz
        self.trigger = trigger
        self.isFitted = isFitted
        self.channels = channels
        self.note = note
    }
}
