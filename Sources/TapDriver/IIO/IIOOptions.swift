public import TapCore

/// What to read of one ADC, and how.
public struct IIOOptions: Sendable, Hashable {
    /// The ADC's name on the board: errors speak of it.
    public var name: String
    /// The libiio context URI: `local:`, or `ip:HOST[:PORT]` for the IIOD of another machine. `usb:` and `serial:` go
    /// to libiio as they are. `xml:FILE` only describes: starting fails.
    public var context: String
    /// The IIO device's name, ID or label.
    public var device: String
    /// The session's number of the device.
    public var deviceID: DeviceID
    /// Channels to read, by libiio's ID or name. Their unit is checked against what the kernel says of the type.
    public var channels: [BoardChannel]
    public var method: DeviceInfo.Method
    /// The ADC takes no more than one channel in a buffer.
    public var isOneChannelPerBuffer: Bool
    /// The board says that scans carry times; if the device has none, the session's limits say so.
    public var isTimestamped: Bool
    /// The IIO trigger to use, by name or ID; nil: as the device stands.
    public var trigger: String?
    /// Scans per second to ask for; nil: as the device stands, polled 10.
    public var rate_hz: Double?
    /// Scans in a buffer of libiio; nil: 50 ms of them. A remote delivers whole buffers only.
    public var bufferLength: Int?
    /// How many such buffers the kernel keeps when tap does not read.
    public var kernelBuffers: Int
    /// Of a single answer of a remote; also how long a device may be silent before it is reported as gone.
    public var timeout: Nanoseconds

    public init(
        name: String, context: String = "local:", device: String, deviceID: DeviceID, channels: [BoardChannel],
        method: DeviceInfo.Method, isOneChannelPerBuffer: Bool = false, isTimestamped: Bool = false,
        trigger: String? = nil, rate_hz: Double? = nil, bufferLength: Int? = nil, kernelBuffers: Int = 16,
        timeout: Nanoseconds = .seconds(1)
    ) {
        self.name = name
        self.context = context
        self.device = device
        self.deviceID = deviceID
        self.channels = channels
        self.method = method
        self.isOneChannelPerBuffer = isOneChannelPerBuffer
        self.isTimestamped = isTimestamped
        self.trigger = trigger
        self.rate_hz = rate_hz
        self.bufferLength = bufferLength
        self.kernelBuffers = kernelBuffers
        self.timeout = timeout
    }

    /// - Parameter channels: those of `adc` that were named for the session.
    public init(_ adc: BoardADC, channels: [BoardChannel], deviceID: DeviceID) {
        self.init(
            name: adc.name, context: adc.context, device: adc.device, deviceID: deviceID, channels: channels,
            method: adc.method, isOneChannelPerBuffer: adc.isOneChannelPerBuffer, isTimestamped: adc.isTimestamped,
            trigger: adc.trigger, rate_hz: adc.rate_hz)
    }
}
