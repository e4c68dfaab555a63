public import TapConfig
public import TapCore

extension PumpStation: PlantDescription {
    /// How scenarios name it.
    static let kind = PlantKind("pump-station", keys: PumpStationReader.keys) { fields, mistakes in
        PumpStationReader(mistakes: mistakes).station(fields)
    }

    public var digitalSignals: [String] { StationLine.allCases.map(\.name) }
    public var analogSignals: [(name: String, unit: String)] { StationCurve.allCases.map { ($0.name, $0.unit) } }
    public var claimedSignals: [ClaimedSignal] {
        StationTag.allCases.compactMap { tag in
            tag.signal.map {
                ClaimedSignal(tag: tag.name, signal: $0, isLimit: tag.isLimit, accuracy: accuracy(of: tag))
            }
        }
    }
    public var commandSignals: [String] {
        [StationLine.p1Command, .p2Command, .siren].map(\.name)
    }

    /// Of an honest claim, in the tag's unit: errors of gain and offset, noise and resolution of the PLC's input, and half a
    /// count of the register. What a filter holds back is delay.
    private func accuracy(of tag: StationTag) -> Double {
        let share = 2 * inputs.error + inputs.noise + inputs.resolution
        return switch tag {
        case .level: well.depth_m * share + 2 * well.ripple_m + 0.000_5
        case .flow: PumpStation.flowSpan_m3ps * 3_600 * share + 0.05
        case .pressure: StationCards.pressureSpan_Pa * 1e-5 * share + 0.000_5
        case .current1, .current2: currentSpan_A * share + 0.005
        default: 0
        }
    }
    public var attackKinds: [AttackKind] { StationAttack.allCases.map(\.kind) }

    public func faults(seed: UInt64, before end: Nanoseconds) -> [Label] {
        StationOperations(self, clock: CivilClock(clock), seed: seed).faults(before: UInt64(max(0, end.count)))
    }

    public func without(_ fault: Label) -> any PlantDescription {
        var plant = self
        plant.absent = fault
        return plant
    }

    public func makePlant(seed: UInt64, attacks: [Attack]) -> any Plant {
        PumpStationPlant(self, seed: seed, attacks: attacks)
    }
}
