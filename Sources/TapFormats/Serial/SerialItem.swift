public import TapCore
public import TapDecode

/// A character or frame of one of the lines that are decoded together.
public struct SerialItem: Sendable {
    public enum Content: Sendable {
        case character(UARTCharacter)
        case frame(ModbusFrame)
    }

    /// The line's place among them.
    public var track: Int
    public var content: Content

    public init(track: Int, content: Content) { (self.track, self.content) = (track, content) }

    public var start: Timestamp {
        switch content {
        case .character(let character): character.start
        case .frame(let frame): frame.start
        }
    }
}
