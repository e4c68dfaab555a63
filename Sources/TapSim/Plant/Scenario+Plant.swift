public import TapConfig
public import TapCore

extension Scenario {
    /// A new machine of the scenario's plant, before its first step, or a screen of what is claimed without one; nil: the
    /// scenario has neither.
    public func makePlant() -> (any Plant)? {
        guard let plant else { return claimed.isEmpty ? nil : WaveScreen(self) }
        return plant.makePlant(seed: seed, attacks: attacks)
    }

    /// Throws where a tag whose claims are wanted is named twice, or is none of the plant's screen.
    public func checkClaims() throws(TapError) {
        guard let claims else { return }
        let known = makePlant()?.tags.map(\.name) ?? []
        for (index, name) in claims.enumerated() {
            guard !claims[..<index].contains(name) else {
                throw TapError(.busy, "claim '\(printable(name))'", "is named twice", remedy: "name it once")
            }
            guard !known.contains(name) else { continue }
            let meant = guess(name, in: known).map { "\($0) " } ?? ""
            throw TapError(
                .notFound, "claim '\(printable(name))'", "is not made in scenario \(self.name)",
                remedy: known.isEmpty
                    ? "nothing is claimed there" : meant + "claimed are \(known.joined(separator: ", "))")
        }
    }

    /// Reads a scenario file, which may have any plant that there is. See `ScenarioFile`.
    public static func load(path: String) throws(ConfigurationErrors) -> Scenario {
        try ScenarioFile.load(path: path, plants: Plants.all)
    }
}
