public struct BoardChannel: Sendable, Hashable {
    /// Addressed as `<adc>.<name>`.
    public var name: String
    /// The IIO channel's ID, as `voltage0`.
    public var channel: String
    /// The SI unit of converted values.
    public var unit: String
    public var pin: String
    public var note: String

    public init(name: String, channel: String, unit: String, pin: String = "", note: String = "") {
        self.name = name
        self.channel = channel
        self.unit = unit
        self.pin = pin
        self.note = note
    }
}
