public struct BoardLine: Sendable, Hashable {
    public var name: String
    public var chip: String
    public var offset: Int
    public var pin: String
    /// The usual alternate function that occupies the pin.
    public var function: String
    public var options: LineOptions
    public var note: String

    public init(
        name: String, chip: String, offset: Int, pin: String = "", function: String = "",
        options: LineOptions = LineOptions(), note: String = ""
    ) {
        self.name = name
        self.chip = chip
        self.offset = offset
        self.pin = pin
        self.function = function
        self.options = options
        self.note = note
    }
}
