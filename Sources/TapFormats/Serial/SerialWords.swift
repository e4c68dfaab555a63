import TapCore
import TapDecode

/// Names of what serial lines carry: the same in every style.
enum SerialWords {
    static func errors(_ flags: UARTCharacter.Flags) -> [String] {
        let names: [(UARTCharacter.Flags, String)] = [
            (.parityError, "parity error"), (.framingError, "no stop bit"), (.unsynchronised, "perhaps out of step"),
        ]
        return names.filter { flags.contains($0.0) }.map(\.1)
    }

    static func faults(_ faults: ModbusFrame.Faults) -> [String] {
        let names: [(ModbusFrame.Faults, String)] = [
            (.crc, "wrong CRC"), (.tooShort, "too short"), (.tooLong, "too long"), (.silence, "silence within"),
            (.early, "no silence before"), (.character, "character in error"), (.unknown, "edges were lost"),
        ]
        return names.filter { faults.contains($0.0) }.map(\.1)
    }

    static func table(_ table: ModbusTable) -> String {
        switch table {
        case .coils: "coils"
        case .discreteInputs: "discrete inputs"
        case .holdingRegisters: "holding registers"
        case .inputRegisters: "input registers"
        }
    }

    /// MODBUS Application Protocol V1.1b3, section 7.
    static func exception(_ code: UInt8) -> String? {
        switch code {
        case 1: "illegal function"
        case 2: "illegal data address"
        case 3: "illegal data value"
        case 4: "server device failure"
        case 5: "acknowledge"
        case 6: "server device busy"
        case 8: "memory parity error"
        case 10: "gateway path unavailable"
        case 11: "gateway target device failed to respond"
        default: nil
        }
    }

    /// What a request wants to read.
    static func asked(_ request: ModbusRequest) -> (address: UInt16, count: UInt16)? {
        switch request {
        case .read(_, let address, let count), .readWriteRegisters(let address, let count, _, _): (address, count)
        default: nil
        }
    }
}
