public import TapConfig

/// A plant with units that answer over Modbus.
public protocol RegisterPlant: Plant, Sendable {
    /// The registers of a unit, from address 0 on, as its answer to a question of the HMI would have them now: the lies of
    /// attacks on the report included. Changes nothing in the plant. nil: there is no such unit, or it does not answer now.
    func registers(ofUnit unit: UInt8) -> [UInt16]?
}
