import TapConfig
import TapCore

/// What is judged, and the scenario that lacks it alone.
struct OracleCase: Sendable {
    let label: Label
    var target = ""
    /// Whether it acts on what is measured, behind the commands: then a signal may give it away.
    let isInField: Bool
    let without: Scenario

    /// The attacks on the scenario's plant, in the order of the file, and the faults of a run, in order of time.
    static func onPlant(_ scenario: Scenario, before end: UInt64) -> [OracleCase] {
        var cases: [OracleCase] = []
        for (index, attack) in scenario.attacks.enumerated() {
            var without = scenario
            // It stays in the list, so that nothing else changes its place.
            without.attacks[index].to = attack.from
            cases.append(
                OracleCase(
                    label: Label(attack), target: attack.target, isInField: attack.kind.place == .wire,
                    without: without))
        }
        let span = Nanoseconds(Int64(clamping: end))
        for fault in scenario.plant?.faults(seed: scenario.seed, before: span) ?? [] {
            var without = scenario
            without.plant = scenario.plant?.without(fault)
            cases.append(OracleCase(label: fault, isInField: true, without: without))
        }
        return cases
    }

    /// The attacks on single lines, channels and claims, in the order of the file.
    static func onWires(_ scenario: Scenario) -> [OracleCase] {
        scenario.wireAttacks.map { attack in
            OracleCase(
                label: attack.label, target: attack.name, isInField: true, without: scenario.without(attack))
        }
    }
}
