import TapCore

extension Scenario {
    /// The tags that are claimed, by its plant's screen or of its waves.
    package var tags: [String] {
        plant?.makePlant(seed: seed, attacks: []).tags.map(\.name) ?? claimed.map(\.tag)
    }
}
