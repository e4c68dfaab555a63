public import TapConfig
public import TapCore

/// A rule that is watched: how it is decided, and what is said once it is broken. A tag that is compared is one too.
public struct WatchedRule: Sendable, Hashable {
    /// As in `SiteMeaning`.
    public var name: String
    public var formula: Formula
    /// What it is about; empty: the whole installation.
    public var assets: [SiteAsset]
    public var severity: SiteRule.Severity
    public var kind: SiteRule.Kind
    /// What is the case where it is broken.
    public var sentence: String
    /// The claims that a finding rests on.
    public var claims: [String]
    /// It compares a claim with a value that a person may change.
    public var isApproved = false
    /// Signals and tags whose values a finding says.
    public var reads: [String]
    /// All signals and tags that decide it.
    public var needs: [String]
    /// What puts it to the proof, and how long ago that may have been; nil: nobody asks.
    public var proof: Proof?
    /// True from when on a finding is over; nil: it is over as soon as the rule is not broken.
    public var clearing: Formula?
    /// How far back what happened matters, as far as that has a bound: so long after a loss it is unknown at most.
    public var memory: Nanoseconds

    public struct Proof: Sendable, Hashable {
        /// True while what the rule asks about is so and what it asks for is there.
        public var formula: Formula
        public var every: Nanoseconds

        public init(_ formula: Formula, every: Nanoseconds) {
            self.formula = formula
            self.every = every
        }
    }

    public init(
        name: String, formula: Formula, assets: [SiteAsset] = [], severity: SiteRule.Severity = .medium,
        kind: SiteRule.Kind = .deviation, sentence: String = "", claims: [String] = [],
        reads: [String] = [], needs: [String] = [], memory: Nanoseconds = .zero, proof: Proof? = nil,
        clearing: Formula? = nil
    ) {
        self.name = name
        self.formula = formula
        self.assets = assets
        self.severity = severity
        self.kind = kind
        self.sentence = sentence
        self.claims = claims
        self.reads = reads
        self.needs = needs
        self.proof = proof
        self.clearing = clearing
        self.memory = formula.memory < FormulaWindow.unbounded ? max(memory, formula.memory) : memory
    }

    /// How long what is wrong has lasted when the formula becomes false: the window of `not historically[0s, w] wrong`.
    var lasting: Nanoseconds { WatchedRule.lasting(formula) }

    private static func lasting(_ formula: Formula) -> Nanoseconds {
        switch formula {
        case .not(.historically(let window, _)) where window.from == .zero && window.to < FormulaWindow.unbounded:
            window.to
        // Of two ways to be broken, what both have lasted for.
        case .and(let left, let right): min(lasting(left), lasting(right))
        default: .zero
        }
    }
}
