/// The plant's analog field signals, in the order they are declared: a raw value is the number in `Signals`.
enum BatchCurve: Int, CaseIterable {
    case weight, temperature, acidity, current

    var name: String {
        switch self {
        case .weight: "WIT1"
        case .temperature: "TT1"
        case .acidity: "AIT1"
        case .current: "HEAT_I"
        }
    }

    /// Of its values.
    var unit: String {
        switch self {
        case .weight: "kg"
        case .temperature: "degC"
        case .acidity: "pH"
        case .current: "A"
        }
    }
}
