public import TapConfig
public import TapDecode

/// A plant with units that answer over Modbus.
public protocol RegisterPlant: Plant, Sendable {
    /// The registers of a unit, from address 0 on, as its answer to a question of the HMI would have them now: the lies of
    /// attacks on the report included. Changes nothing in the plant. nil: there is no such unit, or it does not answer now.
    func registers(ofUnit unit: UInt8) -> [UInt16]?
    /// What an operator writes into the registers of a unit that answers, and what it answers to that; it counts from now on.
    /// Of the plant, what was written and when: the run is a function of these too. nil: nobody may write there.
    mutating func write(_ request: ModbusRequest, toUnit unit: UInt8) -> ModbusResponse?
}

extension RegisterPlant {
    public func write(_ request: ModbusRequest, toUnit unit: UInt8) -> ModbusResponse? { nil }
}
