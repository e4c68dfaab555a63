public import TapConfig

extension Scenario {
    /// A new machine of the scenario's plant, before its first step; nil: the scenario has none.
    ///
    /// A description of which no machine can be made is a mistake of whoever listed its kind: this traps.
    public func makePlant() -> (any Plant)? {
        guard let plant else { return nil }
        guard let model = plant as? any PlantModel else { preconditionFailure("no machine can be made of \(plant)") }
        return model.makePlant(seed: seed, attacks: attacks)
    }

    /// Reads a scenario file, which may have any plant that there is. See `ScenarioFile`.
    public static func load(path: String) throws(ConfigurationErrors) -> Scenario {
        try ScenarioFile.load(path: path, plants: Plants.all)
    }
}
