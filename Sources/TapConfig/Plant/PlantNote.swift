public import TapCore

/// What a plant gives beside its signals.
public enum PlantNote: Sendable, Hashable {
    /// - Parameter truth: what the tag really is at that time: the quantity for a measurement, the contact for feedback, what
    ///   the approved program would have for its own states; in the tag's unit. nil: nothing is known of it.
    case claim(Claim, truth: Claim.Value?)
    case label(Label)
}
