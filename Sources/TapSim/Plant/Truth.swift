public import TapConfig
public import TapCore

/// What is true of a run, beside its records.
public enum Truth: Sendable, Hashable {
    case label(Label)
    case claim(ClaimTruth)

    /// When the span begins, or when the claim was made.
    public var time: Timestamp {
        switch self {
        case .label(let label): label.from
        case .claim(let claim): claim.claimed
        }
    }
}
