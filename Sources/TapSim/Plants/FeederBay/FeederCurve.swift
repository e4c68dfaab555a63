/// The bay's analog field signals, in the order they are declared: a raw value is the number in `Signals`.
enum FeederCurve: Int, CaseIterable {
    case currentA, currentB, currentC, voltageA

    var name: String {
        switch self {
        case .currentA: "IA"
        case .currentB: "IB"
        case .currentC: "IC"
        case .voltageA: "UA"
        }
    }

    /// Of its values.
    var unit: String { self == .voltageA ? "V" : "A" }
}
