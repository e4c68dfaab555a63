public import TapCore

/// A relation that an attack or a fault breaks, and since when.
public struct Evidence: Sendable, Hashable {
    public enum Relation: String, Sendable, Hashable, CaseIterable {
        /// A claim is farther from its signal than an honest one ever is.
        case claimAgainstWire = "claim-wire"
        /// A command is not what the approved program would give for the same inputs.
        case wireAgainstProgram = "wire-program"
        /// A signal is not what the machine, or its own wave, would give under the same commands.
        case wireAgainstMachine = "wire-machine"
        /// Claims that the same signals never have beside them, or that no honest run has one after the other.
        case claimAgainstClaim = "claim-claim"
        /// No claims for longer than in any honest span.
        case silence
    }

    public var relation: Relation
    /// When it is first to be seen.
    public var since: Timestamp
    /// A tag, a signal, or how many tags.
    public var subject: String
    /// What it is compared with, in words.
    public var against: String
    /// The most that it is off by, beyond the hull of what the signal was over the delay; of a silence, how long it lasts, and
    /// of a repeated stretch, how old it is, in seconds.
    public var by: Double
    public var unit: String
    /// Within this it would not be seen, in the same unit.
    public var accuracy: Double
}
