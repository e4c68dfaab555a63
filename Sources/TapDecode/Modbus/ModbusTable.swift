import TapCore

/// What functions 1 to 4 read; the raw value is the function.
public enum ModbusTable: UInt8, Sendable, Hashable, CaseIterable {
    case coils = 1
    case discreteInputs = 2
    case holdingRegisters = 3
    case inputRegisters = 4

    public var isBits: Bool { self == .coils || self == .discreteInputs }
    /// A server need not answer for more in one frame.
    public var maximumCount: UInt16 { isBits ? 2_000 : 125 }
}
