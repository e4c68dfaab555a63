import TapCore
import TapDecode

/// A character or frame of one of the lines that are decoded together.
struct SerialItem {
    enum Content {
        case character(UARTCharacter)
        case frame(ModbusFrame)
    }

    /// The line's place among them.
    var track: Int
    var content: Content

    var start: Timestamp {
        switch content {
        case .character(let character): character.start
        case .frame(let frame): frame.start
        }
    }
}
