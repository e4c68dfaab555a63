/// Of a batch, in the order of an approved recipe.
enum BatchStep: Int, Sendable, CaseIterable {
    case idle, fill, dilute, agitate, heat, dose, hold, drain

    var name: String {
        switch self {
        case .idle: "idle"
        case .fill: "fill"
        case .dilute: "dilute"
        case .agitate: "agitate"
        case .heat: "heat"
        case .dose: "dose"
        case .hold: "hold"
        case .drain: "drain"
        }
    }
}
