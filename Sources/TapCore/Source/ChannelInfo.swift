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
