public import TapCore

/// What a plant tells beside its wires.
public enum PlantNote: Sendable, Hashable {
    case claim(Claim)
    case label(Label)
}
