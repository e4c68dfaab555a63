import TapConfig

/// How a pump is: what its years and what it swallowed have made of it.
struct PumpCondition: Sendable {
    /// Something wound round its impeller: more current, less water.
    var isRagged = false
    private var run_s = 0.0
    private let wear: Double

    /// Head that wear takes at the most; before that somebody overhauls it.
    private static let mostWear = 0.1

    init(_ parameters: PumpStation.Wear) { wear = parameters.perThousandHours }

    mutating func turn(for seconds: Double) { run_s += seconds }

    /// Of its head when new.
    var headShare: Double { (1 - min(PumpCondition.mostWear, wear * run_s / 3.6e6)) * (isRagged ? 0.82 : 1) }
    /// Of what it takes for its load.
    var currentShare: Double { isRagged ? 1.2 : 1 }
}
