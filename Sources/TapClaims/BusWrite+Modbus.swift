import TapConfig
import TapDecode

extension BusWrite {
    /// nil: it writes nothing.
    init?(_ request: ModbusRequest, to unit: UInt8) {
        switch request {
        case .writeCoil(let address, let isOn):
            self.init(areCoils: true, from: address, unit: unit, values: [isOn ? 1 : 0])
        case .writeCoils(let address, let bits):
            self.init(areCoils: true, from: address, unit: unit, values: bits.map { $0 ? 1 : 0 })
        case .writeRegister(let address, let value):
            self.init(areCoils: false, from: address, unit: unit, values: [value])
        case .writeRegisters(let address, let values), .readWriteRegisters(_, _, let address, let values):
            self.init(areCoils: false, from: address, unit: unit, values: values)
        // What a mask makes of a register is not on the bus.
        case .maskRegister(let address, _, _):
            self.init(areCoils: false, from: address, unit: unit, values: [])
        case .read, .other: return nil
        }
    }
}
