public import TapCore

/// What is said on an asynchronous serial line, once or again and again.
public struct SerialTalk: Sendable, Hashable {
    public enum Parity: String, Sendable, Hashable, CaseIterable {
        case none = "n"
        case even = "e"
        case odd = "o"
    }

    public enum Message: Sendable, Hashable {
        /// As they are, without a pause.
        case bytes([UInt8])
        /// A Modbus RTU request and, `answerAfter` its end, the answer.
        case modbus(ModbusExchange, answerAfter: Nanoseconds)
    }

    /// Bits a second.
    public var baud: Int
    /// 5 to 9.
    public var dataBits: Int
    public var parity: Parity
    /// Length of the stop bits in half bits: 2, 3 or 4.
    public var stopHalfBits: Int
    /// The line rests low.
    public var isInverted: Bool
    public var message: Message
    /// When it begins.
    public var at: Nanoseconds
    /// Again after this time, which is no shorter than it takes; nil: once.
    public var every: Nanoseconds?

    public init(
        baud: Int, dataBits: Int = 8, parity: Parity = .none, stopHalfBits: Int = 2, isInverted: Bool = false,
        _ message: Message, at: Nanoseconds = .zero, every: Nanoseconds? = nil
    ) {
        self.baud = baud
        self.dataBits = dataBits
        self.parity = parity
        self.stopHalfBits = stopHalfBits
        self.isInverted = isInverted
        self.message = message
        self.at = at
        self.every = every
    }

    /// How long so many characters take, rounded up to whole nanoseconds.
    public func span(ofCharacters count: Int) -> Nanoseconds {
        let halfBits = 2 * (1 + dataBits + (parity == .none ? 0 : 1)) + stopHalfBits
        return Nanoseconds((Int64(count * halfBits) * 500_000_000 + Int64(baud) - 1) / Int64(baud))
    }

    /// From the begin of the message to its end.
    public var length: Nanoseconds {
        switch message {
        case .bytes(let bytes): span(ofCharacters: bytes.count)
        case .modbus(let exchange, let answerAfter):
            span(ofCharacters: exchange.requestBytes + exchange.answerBytes) + answerAfter
        }
    }
}
