public import TapCore

/// The transitions of characters sent without a pause between them, in order: a pure function of what it is given.
///
/// The line rests before the first transition, which is the first start bit, and after the last. Each time is rounded
/// on its own to the nearest nanosecond from its exact place. Iterating allocates nothing.
public struct UARTEncoder: Sequence, IteratorProtocol, Sendable {
    public let format: UARTFormat
    public let start: Timestamp
    private let characters: [UInt16]
    private var character = 0
    /// Of the character: 0 is its start bit.
    private var bit = 0
    private var isHigh = true

    /// - Parameter characters: bits above `format.dataBits` are not sent.
    public init(_ format: UARTFormat, _ characters: [UInt16], from start: Timestamp) {
        self.format = format
        self.characters = characters
        self.start = start
    }

    public init(_ format: UARTFormat, _ bytes: some Sequence<UInt8>, from start: Timestamp) {
        self.init(format, bytes.map(UInt16.init), from: start)
    }

    /// When the stop bits of the last character are over: the earliest start of what follows.
    public var end: Timestamp { start + format.span(ofCharacters: UInt64(characters.count)) }

    public mutating func next() -> Transition? {
        while character < characters.count {
            let level = self.level
            let place = character * format.halfBits + 2 * bit
            bit += 1
            if bit > format.bitsBeforeStop {
                bit = 0
                character += 1
            }
            guard level != isHigh else { continue }
            isHigh = level
            return Transition(
                time: start + format.span(ofHalfBits: UInt64(place)), isHigh: level != format.isInverted)
        }
        return nil
    }

    /// Of the bit that is next, before inversion.
    private var level: Bool {
        let data = characters[character] & (1 << UInt16(format.dataBits) - 1)
        return switch bit {
        case 0: false
        case 1...format.dataBits: data >> UInt16(bit - 1) & 1 == 1
        case format.bitsBeforeStop: true
        default: format.parityBit(of: data)
        }
    }
}
