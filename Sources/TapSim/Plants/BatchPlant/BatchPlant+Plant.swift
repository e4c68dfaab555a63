public import TapConfig
public import TapCore

extension BatchPlant: PlantDescription {
    /// How scenarios name it.
    static let kind = PlantKind("batch-plant", keys: BatchPlantReader.keys) { fields, mistakes in
        BatchPlantReader(mistakes: mistakes).plant(fields)
    }

    public var digitalSignals: [String] { BatchLine.allCases.map(\.name) }
    public var analogSignals: [(name: String, unit: String)] { BatchCurve.allCases.map { ($0.name, $0.unit) } }
    public var claimedSignals: [ClaimedSignal] {
        BatchTag.allCases.compactMap { tag in
            tag.signal.map {
                ClaimedSignal(tag: tag.name, signal: $0, isLimit: tag.isLimit, accuracy: tag.accuracy)
            }
        }
    }
    public var utcAtStart_s: Int { Int(CivilClock(clock).utc_ns(at: 0) / 1_000_000_000) }
    public var commandSignals: [String] {
        let commands: [BatchLine] = [.command1, .command2, .command3, .stroke, .agitate, .heat]
        return commands.map(\.name)
    }
    public var attackKinds: [AttackKind] { BatchAttack.allCases.map(\.kind) }

    public func faults(seed: UInt64, before end: Nanoseconds) -> [Label] {
        BatchOperations(self, clock: CivilClock(clock), seed: seed).faults(before: UInt64(max(0, end.count)))
    }

    public func without(_ fault: Label) -> any PlantDescription {
        var plant = self
        plant.absent = fault
        return plant
    }

    public func makePlant(seed: UInt64, attacks: [Attack]) -> any Plant {
        BatchMachine(self, seed: seed, attacks: attacks)
    }
}
