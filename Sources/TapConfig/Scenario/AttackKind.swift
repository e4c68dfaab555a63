public import TapCore

/// A kind of attack that a plant knows: what a scenario may say of it, and what it does.
///
/// A plant lists its own; docs/attacks.md describes those that come with tap, each with its number in ATT&CK for ICS.
public struct AttackKind: Sendable, Hashable {
    /// As `variant` names it.
    public var name: String
    public var aim: Attack.Aim
    /// Of hidden deviations the places are two: what departs is a forced output, what hides it is this.
    public var place: Attack.Place
    /// What it may act on; the first is meant where none is named. Empty: there is nothing to choose.
    public var targets: [String]
    /// Whether `value` says what the target is forced to.
    public var hasValue: Bool
    /// nil: it has none.
    public var strength: Strength?
    /// nil: it has none.
    public var span: Span?
    /// Techniques of ATT&CK for ICS v18.1.
    public var techniques: [String]
    /// What really happens, in a sentence, for whoever judges a detector. `{target}`, `{value}`, `{strength}` and `{span}`
    /// stand for what an attack says.
    public var truth: String

    public init(
        _ name: String, aim: Attack.Aim, at place: Attack.Place, targets: [String] = [], hasValue: Bool = false,
        strength: Strength? = nil, span: Span? = nil, techniques: [String], truth: String
    ) {
        self.name = name
        self.aim = aim
        self.place = place
        self.targets = targets
        self.hasValue = hasValue
        self.strength = strength
        self.span = span
        self.techniques = techniques
        self.truth = truth
    }

    /// How strong an attack of the kind is; what is counted is the kind's.
    public struct Strength: Sendable, Hashable {
        public var usual: Double
        public var range: ClosedRange<Double>
        /// Where it does nothing: 0, or 1 of a factor.
        public var neutral: Double

        public init(_ usual: Double, in range: ClosedRange<Double>, neutral: Double = 0) {
            self.usual = usual
            self.range = range
            self.neutral = neutral
        }
    }

    /// A length of time that an attack of the kind has beside its own.
    public struct Span: Sendable, Hashable {
        /// What a file calls it.
        public var key: String
        public var usual: Nanoseconds
        public var range: ClosedRange<Nanoseconds>
        /// It lies before the attack, which cannot begin earlier than it lasts.
        public var isBefore: Bool

        public init(
            _ key: String, _ usual: Nanoseconds, in range: ClosedRange<Nanoseconds>, isBefore: Bool = false
        ) {
            self.key = key
            self.usual = usual
            self.range = range
            self.isBefore = isBefore
        }
    }
}
