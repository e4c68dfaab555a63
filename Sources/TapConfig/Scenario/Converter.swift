public import TapCore

/// A converter, whose channels are scanned together at one rate.
public struct Converter: Sendable, Hashable {
    public var name: String
    /// Scans a second.
    public var rate_hz: Double
    /// Aperture jitter: standard deviation of when a scan is really taken. What it says of itself is the exact time.
    public var jitter: Nanoseconds
    public var channels: [ConverterChannel]

    public init(name: String, rate_hz: Double, jitter: Nanoseconds = .zero, channels: [ConverterChannel] = []) {
        self.name = name
        self.rate_hz = rate_hz
        self.jitter = jitter
        self.channels = channels
    }
}
