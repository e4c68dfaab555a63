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
