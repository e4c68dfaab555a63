import TapConfig
import TapCore

/// The run of a scenario beside those that lack one of its cases each.
struct OracleTrial {
    private let cases: [OracleCase]
    private var full: OracleRun
    private var others: [OracleRun] = []
    private var comparisons: [OracleComparison] = []

    /// - Parameter plant: makes what is watched, of a scenario; nil: there is none.
    init?(
        _ scenario: Scenario, _ cases: [OracleCase], plant: (Scenario) -> (any Plant)?,
        subjects: (Scenario, any Plant) -> OracleSubjects
    ) {
        guard !cases.isEmpty, let watched = plant(scenario) else { return nil }
        let subjects = subjects(scenario, watched)
        self.cases = cases
        full = OracleRun(scenario, watched, subjects)
        for one in cases {
            guard let other = plant(one.without) else { return nil }
            others.append(OracleRun(one.without, other, subjects))
            comparisons.append(
                OracleComparison(
                    subjects, watched.signals, from: one.label.from.nanoseconds, isInField: one.isInField))
        }
    }

    mutating func advance(to time: UInt64) {
        let stride = full.advance(to: time)
        for index in comparisons.indices { comparisons[index].take(stride, others[index].advance(to: time)) }
    }

    /// By case.
    mutating func verdicts(at end: UInt64) -> [Verdict] {
        comparisons.indices.map { index in
            comparisons[index].verdict(Verdict(label: cases[index].label, target: cases[index].target), at: end)
        }
    }
}
