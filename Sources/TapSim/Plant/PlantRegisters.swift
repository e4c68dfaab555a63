public import TapConfig
public import TapCore
public import TapDecode

/// The registers of a scenario's plant as time goes on. Of the scenario, its seed and what is written: who reads them changes
/// nothing.
public struct PlantRegisters: Sendable {
    private var plant: any RegisterPlant
    /// Up to which the plant has gone on.
    public private(set) var time = Timestamp.zero

    /// nil: the scenario has no plant that answers over Modbus.
    public init?(_ scenario: Scenario) {
        guard let plant = scenario.makePlant() as? any RegisterPlant else { return nil }
        self.plant = plant
    }

    /// Goes on. A time that has been is no step back.
    public mutating func advance(to time: Timestamp) {
        guard time > self.time else { return }
        self.time = time
        plant.advance(to: time)
        // Nobody asks for signals, claims and labels.
        let horizon = plant.signals.horizon.nanoseconds
        plant.signals.forget(before: horizon + 1)
        _ = plant.takeNotes()
    }

    /// As `RegisterPlant` has them.
    public func registers(ofUnit unit: UInt8) -> [UInt16]? { plant.registers(ofUnit: unit) }

    /// As `RegisterPlant` takes it, at the time to which the plant has gone on.
    public mutating func write(_ request: ModbusRequest, toUnit unit: UInt8) -> ModbusResponse? {
        plant.write(request, toUnit: unit)
    }
}
