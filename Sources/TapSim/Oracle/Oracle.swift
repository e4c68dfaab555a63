public import TapConfig
public import TapCore

/// Says of each attack of a scenario what it makes visible, and since when: by running the scenario with it and without
/// it, side by side. Detection is judged against this, not against the span of a label.
///
/// What it says is a function of the scenario and its seed. It sees everything: each signal, each claim as it arrives, and,
/// in the run without the attack, what the approved program does with the same inputs. Where several attacks are on, each
/// is judged by the run that lacks it alone. Faults are in both runs. Memory is constant for each tag and signal. Blocks
/// while it computes. Not thread-safe.
public struct Oracle {
    private let scenario: Scenario
    private let end: UInt64

    /// - Parameter end: how long the runs last.
    public init(_ scenario: Scenario, until end: Nanoseconds) {
        self.scenario = scenario
        self.end = UInt64(max(0, end.count))
    }

    /// - Parameter mayGoOn: is asked after each second of the run, with the share that is done.
    /// - Returns: by attack, as the scenario has them; nil: it may not go on.
    public func judge(_ mayGoOn: (Double) -> Bool = { _ in true }) -> [Verdict]? {
        guard let plant = scenario.makePlant() else { return [] }
        let subjects = OracleSubjects(scenario, plant)
        var full = OracleRun(scenario, plant, subjects)
        var others: [OracleRun] = []
        var comparisons: [OracleComparison] = []
        for (index, attack) in scenario.attacks.enumerated() {
            guard let other = without(index).makePlant() else { continue }
            others.append(OracleRun(scenario, other, subjects))
            comparisons.append(
                OracleComparison(subjects, plant.signals, from: UInt64(max(0, attack.from.count))))
        }
        var time: UInt64 = 0
        while time < end, !comparisons.isEmpty {
            time += OracleRun.stride
            let stride = full.advance(to: min(time, end))
            for index in comparisons.indices {
                comparisons[index].take(stride, others[index].advance(to: min(time, end)))
            }
            guard mayGoOn(Double(min(time, end)) / Double(end)) else { return nil }
        }
        return comparisons.indices.map { comparisons[$0].verdict(on: scenario.attacks[$0], at: end) }
    }

    /// The scenario with an attack that never begins. It stays in the list, so that nothing else changes its place.
    private func without(_ index: Int) -> Scenario {
        var scenario = scenario
        scenario.attacks[index].to = scenario.attacks[index].from
        return scenario
    }
}
