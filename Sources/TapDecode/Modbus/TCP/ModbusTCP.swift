/// Modbus over TCP (MODBUS Messaging on TCP/IP Implementation Guide V1.0b): a header of seven bytes, and what follows the
/// unit in RTU, without its CRC.
public enum ModbusTCP {
    public static let port: UInt16 = 502
    /// Transaction, protocol (0), length, unit.
    public static let headerSize = 7
    /// Of the unit and what follows it, as the header says it.
    public static let lengths = 2...254
    public static let mostBytes = 6 + lengths.upperBound

    public static func frame(transaction: UInt16, unit: UInt8, request: ModbusRequest) -> [UInt8] {
        frame(transaction, unit, request.bytes)
    }

    public static func frame(transaction: UInt16, unit: UInt8, response: ModbusResponse) -> [UInt8] {
        frame(transaction, unit, response.bytes)
    }

    private static func frame(_ transaction: UInt16, _ unit: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        let length = UInt16(truncatingIfNeeded: bytes.count + 1)
        return [
            UInt8(transaction >> 8), UInt8(truncatingIfNeeded: transaction), 0, 0, UInt8(length >> 8),
            UInt8(truncatingIfNeeded: length), unit,
        ] + bytes
    }

    /// How long a frame is that begins so; nil: none begins so, as far as it is there.
    public static func length(_ bytes: Span<UInt8>) -> Int? {
        if bytes.count > 2, bytes[2] != 0 { return nil }
        if bytes.count > 3, bytes[3] != 0 { return nil }
        if bytes.count > 7, bytes[7] & 0x7F == 0 { return nil }
        guard bytes.count >= 6 else { return mostBytes }
        let length = Int(bytes.big16(4))
        return lengths.contains(length) ? 6 + length : nil
    }
}
