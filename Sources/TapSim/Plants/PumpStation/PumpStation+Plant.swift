public import TapConfig

extension PumpStation: PlantDescription {
    /// How scenarios name it.
    static let kind = PlantKind("pump-station", keys: PumpStationReader.keys) { fields, mistakes in
        PumpStationReader(mistakes: mistakes).station(fields)
    }

    public var digitalSignals: [String] { StationLine.allCases.map(\.name) }
    public var analogSignals: [(name: String, unit: String)] { StationCurve.allCases.map { ($0.name, $0.unit) } }
    public var claimedSignals: [ClaimedSignal] {
        StationTag.allCases.compactMap { tag in
            tag.signal.map { ClaimedSignal(tag: tag.name, signal: $0, isLimit: tag.isLimit) }
        }
    }
    public var attackKinds: [AttackKind] { StationAttack.allCases.map(\.kind) }

    public func makePlant(seed: UInt64, attacks: [Attack]) -> any Plant {
        PumpStationPlant(self, seed: seed, attacks: attacks)
    }
}
