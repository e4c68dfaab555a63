public import TapConfig
public import TapCore

extension FeederBay: PlantDescription {
    /// How scenarios name it.
    static let kind = PlantKind("feeder-bay", keys: FeederBayReader.keys) { fields, mistakes in
        FeederBayReader(mistakes: mistakes).bay(fields)
    }

    public var digitalSignals: [String] { FeederLine.allCases.map(\.name) }
    public var analogSignals: [(name: String, unit: String)] { FeederCurve.allCases.map { ($0.name, $0.unit) } }
    public var claimedSignals: [ClaimedSignal] {
        FeederTag.allCases.compactMap { tag in
            tag.signal.map {
                ClaimedSignal(tag: tag.name, signal: $0, isLimit: tag.isLimit, accuracy: tag.accuracy(self))
            }
        }
    }
    public var utcAtStart_s: Int { Int(CivilClock(clock).utc_ns(at: 0) / 1_000_000_000) }
    public var commandSignals: [String] {
        [FeederLine.closeCommand, .tripCommand, .tripRelay, .lockout].map(\.name)
    }
    public var attackKinds: [AttackKind] { FeederAttack.allCases.map(\.kind) }

    public func faults(seed: UInt64, before end: Nanoseconds) -> [Label] {
        FeederOperations(self, clock: CivilClock(clock), seed: seed).faults(before: UInt64(max(0, end.count)))
    }

    public func without(_ fault: Label) -> any PlantDescription {
        var plant = self
        plant.absent = fault
        return plant
    }

    public func makePlant(seed: UInt64, attacks: [Attack]) -> any Plant {
        FeederBayPlant(self, seed: seed, attacks: attacks)
    }
}
