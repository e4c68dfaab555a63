import TapCore

/// What a server answers.
public enum ModbusResponse: Sendable, Hashable {
    /// Functions 1 and 2; as many as fill the bytes: the request knows how many were asked.
    case bits(ModbusTable, [Bool])
    /// Functions 3 and 4.
    case registers(ModbusTable, [UInt16])
    case wroteCoil(address: UInt16, isOn: Bool)
    case wroteRegister(address: UInt16, value: UInt16)
    case wroteCoils(address: UInt16, count: UInt16)
    case wroteRegisters(address: UInt16, count: UInt16)
    case maskedRegister(address: UInt16, and: UInt16, or: UInt16)
    /// Function 23.
    case readWrittenRegisters([UInt16])
    /// The server refuses `function`; codes are 1 illegal function, 2 illegal address, 3 illegal value, 4 device failure ...
    case exception(function: UInt8, code: UInt8)
    case other(function: UInt8, [UInt8])
}
