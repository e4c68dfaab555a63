/// An ADC or other scanning device as a session knows it.
public struct DeviceInfo: Sendable, Hashable {
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// The kernel fills a buffer of scans.
        case buffered
        /// Each channel is read on its own, between two stamps.
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
