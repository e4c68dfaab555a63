public import TapCore

/// Modbus on a serial line in RTU mode (MODBUS over Serial Line V1.02; MODBUS Application Protocol V1.1b3).
public enum ModbusRTU {
    /// Longest frame with unit and CRC, and the shortest.
    public static let frameSizes = 4...256

    /// CRC-16 with the polynomial x^16 + x^15 + x^2 + 1, reflected, from 0xFFFF on; of a whole frame with its CRC it is 0.
    public static func crc(_ bytes: some Sequence<UInt8>) -> UInt16 {
        bytes.reduce(0xFFFF) { crc($0, $1) }
    }

    static func crc(_ crc: UInt16, _ byte: UInt8) -> UInt16 {
        var crc = crc ^ UInt16(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xA001 : crc >> 1 }
        return crc
    }

    /// Unit, function and data, and the CRC behind them, low byte first.
    public static func frame(unit: UInt8, request: ModbusRequest) -> [UInt8] { frame(unit, request.bytes) }

    public static func frame(unit: UInt8, response: ModbusResponse) -> [UInt8] { frame(unit, response.bytes) }

    private static func frame(_ unit: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        let body = [unit] + bytes
        let crc = crc(body)
        return body + [UInt8(truncatingIfNeeded: crc), UInt8(crc >> 8)]
    }

    /// How long a request and a response are that begin so, with unit and CRC, as far as their function says it.
    static func lengths(_ head: some Collection<UInt8>) -> [Int] {
        let head = Array(head.prefix(11))
        guard head.count >= 3, head[0] <= 247 else { return [] }
        /// The length before the bytes that are counted there, and them.
        func counted(_ position: Int, from start: Int) -> [Int] {
            position < head.count ? [start + Int(head[position])] : []
        }
        return switch head[1] {
        case 1...4: [8] + counted(2, from: 5)
        case 5, 6: [8]
        case 15, 16: [8] + counted(6, from: 9)
        case 22: [10]
        case 23: counted(2, from: 5) + counted(10, from: 13)
        case 129...: [5]
        default: []
        }
    }

    /// The longest silence within a frame (t1.5) and the shortest between frames (t3.5).
    ///
    /// One and a half and three and a half characters of the line; above 19,200 bits a second 750 us and 1.75 ms
    /// (MODBUS over Serial Line, 2.5.1.1).
    public static func silences(_ format: UARTFormat) -> (within: Nanoseconds, between: Nanoseconds) {
        guard format.baud <= 19_200 else { return (.microseconds(750), .microseconds(1_750)) }
        return (
            Nanoseconds(format.span(ofCharacters: 3).count / 2), Nanoseconds(format.span(ofCharacters: 7).count / 2)
        )
    }
}
