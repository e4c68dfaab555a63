/// One exchange on a Modbus line (MODBUS Application Protocol Specification V1.1b3).
public struct ModbusExchange: Sendable, Hashable {
    /// 1 to 247.
    public var server: UInt8
    /// 1 to 6, 15 or 16.
    public var function: Int
    /// Of the first coil or register, counted from 0.
    public var address: UInt16
    /// Read or written; coils and inputs are 0 or 1. One with functions 5 and 6.
    public var values: [UInt16]
    /// The server refuses with this code.
    public var exception: UInt8?

    public init(server: UInt8, function: Int, address: UInt16, values: [UInt16], exception: UInt8? = nil) {
        self.server = server
        self.function = function
        self.address = address
        self.values = values
        self.exception = exception
    }

    private var bitBytes: Int { (values.count + 7) / 8 }

    /// With address, function and CRC.
    public var requestBytes: Int {
        switch function {
        case 15: 9 + bitBytes
        case 16: 9 + 2 * values.count
        default: 8
        }
    }

    public var answerBytes: Int {
        if exception != nil { return 5 }
        return switch function {
        case 1, 2: 5 + bitBytes
        case 3, 4: 5 + 2 * values.count
        default: 8
        }
    }

    /// The most values of one exchange.
    public static func maximumCount(_ function: Int) -> Int {
        switch function {
        case 1, 2: 2_000
        case 3, 4: 125
        case 15: 1_968
        case 16: 123
        default: 1
        }
    }
}
