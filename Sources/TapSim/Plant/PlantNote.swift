public import TapConfig
import TapCore

/// What a plant gives beside its signals.
public enum PlantNote: Sendable, Hashable {
    case claim(Claim)
    case label(Label)
}

extension PlantNote {
    /// A label's is when it begins.
    var time: Timestamp {
        switch self {
        case .claim(let claim): claim.time
        case .label(let label): label.from
        }
    }
}
