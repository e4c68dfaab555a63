public import TapConfig

/// A description of which a machine can be made.
public protocol PlantModel: PlantDescription {
    /// A new machine, before its first step.
    ///
    /// - Parameter attacks: of the kinds that the description lists.
    func makePlant(seed: UInt64, attacks: [Attack]) -> any Plant
}
