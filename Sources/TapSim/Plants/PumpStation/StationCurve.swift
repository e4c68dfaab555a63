/// The station's analog field signals, in the order they are declared: a raw value is the number in `Signals`.
enum StationCurve: Int, CaseIterable {
    case level, flow, current1, current2, pressure

    static func current(_ pump: Int) -> Int { current1.rawValue + pump }

    var name: String {
        switch self {
        case .level: "LT1"
        case .flow: "FT1"
        case .current1: "P1_I"
        case .current2: "P2_I"
        case .pressure: "PT"
        }
    }

    /// Of its values.
    var unit: String {
        switch self {
        case .level: "m"
        case .flow: "m3/s"
        case .current1, .current2: "A"
        case .pressure: "Pa"
        }
    }
}
