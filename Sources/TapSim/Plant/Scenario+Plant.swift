public import TapConfig

extension Scenario {
    /// A new machine of the scenario's plant, before its first step; nil: the scenario has none.
    public func makePlant() -> (any Plant)? { plant.map { PumpStationPlant($0, seed: seed, attacks: attacks) } }
}
