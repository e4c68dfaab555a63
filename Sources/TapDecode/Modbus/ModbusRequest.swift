import TapCore

/// What a client asks.
public enum ModbusRequest: Sendable, Hashable {
    /// Functions 1 to 4.
    case read(ModbusTable, address: UInt16, count: UInt16)
    /// Function 5.
    case writeCoil(address: UInt16, isOn: Bool)
    /// Function 6.
    case writeRegister(address: UInt16, value: UInt16)
    /// Function 15, 1 to 1968 coils.
    case writeCoils(address: UInt16, [Bool])
    /// Function 16, 1 to 123 registers.
    case writeRegisters(address: UInt16, [UInt16])
    /// Function 22: register = register AND `and` OR (`or` AND NOT `and`).
    case maskRegister(address: UInt16, and: UInt16, or: UInt16)
    /// Function 23: writes 1 to 121 registers, then reads.
    case readWriteRegisters(address: UInt16, count: UInt16, writeAddress: UInt16, [UInt16])
    /// Any other function, as it stands.
    case other(function: UInt8, [UInt8])
}
