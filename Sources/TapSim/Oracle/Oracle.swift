public import TapConfig
public import TapCore

/// Says of each attack and of each fault of a scenario what it makes visible, and since when: by running the scenario with
/// it and without it, side by side. Detection is judged against this, not against the span of a label.
///
/// What it says is a function of the scenario and its seed. It sees everything: each signal, each claim as it arrives, and,
/// in the run without the attack, what the approved program does with the same inputs. Where several attacks and faults are
/// on, each is judged by the run that lacks it alone. Memory is constant for each tag and signal. Blocks while it computes.
/// Not thread-safe.
public struct Oracle {
    private let scenario: Scenario
    private let end: UInt64
    private let onPlant: [OracleCase]
    private let onWires: [OracleCase]

    /// - Parameter end: how long the runs last.
    public init(_ scenario: Scenario, until end: Nanoseconds) {
        self.scenario = scenario
        self.end = UInt64(max(0, end.count))
        onPlant = OracleCase.onPlant(scenario, before: self.end)
        onWires = OracleCase.onWires(scenario)
    }

    /// How many attacks and faults there are to judge.
    public var count: Int { onPlant.count + onWires.count }

    /// - Parameter mayGoOn: is asked after each second of the run, with the share that is done.
    /// - Returns: attacks on the plant, then those on lines, channels and claims, both as the scenario has them, then faults
    ///   in order of time; nil: it may not go on.
    public func judge(_ mayGoOn: (Double) -> Bool = { _ in true }) -> [Verdict]? {
        var trials = [
            OracleTrial(
                scenario, onPlant, plant: { $0.makePlant() }, subjects: { OracleSubjects($0, $1) }),
            OracleTrial(
                scenario, onWires, plant: { WirePlant($0) }, subjects: { OracleSubjects(wiresOf: $0, $1) }),
        ].compactMap { $0 }
        var time: UInt64 = 0
        while time < end, !trials.isEmpty {
            time += OracleRun.stride
            for index in trials.indices { trials[index].advance(to: min(time, end)) }
            guard mayGoOn(Double(min(time, end)) / Double(end)) else { return nil }
        }
        let verdicts = trials.indices.flatMap { trials[$0].verdicts(at: end) }
        // Stable: a fault after all attacks.
        return verdicts.filter { $0.label.kind == .attack } + verdicts.filter { $0.label.kind != .attack }
    }
}
