public import TapCore

/// What a plant gives beside its signals.
public enum PlantNote: Sendable, Hashable {
    case claim(Claim)
    case label(Label)
}
