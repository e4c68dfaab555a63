public import TapCore

/// What a source says one thing under.
public struct SiteTag: Sendable, Hashable {
    /// What its claims are.
    public enum Kind: Sendable, Hashable {
        case bool
        /// In the tag's unit.
        case number
        /// One of these; in registers the number of the word, from 0.
        case words([String])
        /// A local time.
        case clock
    }

    public var name: String
    public var kind: Kind
    /// Where registers hold it; nil: its claims come by name.
    public var register: SiteRegister?
    /// Which messages say it, where a broker passes them on; nil: its claims do not come so.
    public var message: SiteMessage?
    /// As claims give it, and as written; empty: none.
    public var unit = ""
    public var dimension = Dimension.number
    /// How much of the SI's base unit one unit is.
    public var unitSize = 1.0
    /// How old a true claim of it may be; nil: as its source says.
    public var late: Nanoseconds?
    /// Polls or time that a difference must last; 0 for digital ones.
    public var hold = SiteSpan.polls(0)
    /// A lie that only delays: the most that a slow screen does; nil: nobody looks.
    public var lateByAtMost: Nanoseconds?
    /// Beyond the accuracy of the wires, in SI base units; nil: nothing.
    public var within: Double?
    /// nil: it is compared with nothing.
    public var agreement: SiteAgreement?
    /// It is compared only while this holds; nil: always.
    public var guarding: Condition?
    /// What its findings are about; empty: what the wires that it is compared with belong to.
    public var asset = ""
    /// nil: a finding is over as soon as a claim agrees.
    public var clearing: SiteClearing?
}

extension SiteTag {
    /// From what is claimed to the SI's base: base = `zero` + claimed * `size`.
    ///
    /// - Parameter unit: in which the session has the tag's claims; one that is not known or of another dimension counts as the
    ///   tag's own.
    public func base(ofUnit unit: String) -> (zero: Double, size: Double) {
        let said = SiteUnit.named(unit).flatMap { $0.dimension == dimension && !unit.isEmpty ? $0 : nil }
        guard let known = said ?? SiteUnit.named(self.unit) else { return (0, unitSize) }
        return (known.base(0), known.base(1) - known.base(0))
    }
}

extension SiteSignal {
    /// From its unit to the SI's base: base = `zero` + value * `size`.
    public var base: (zero: Double, size: Double) {
        guard let known = SiteUnit.named(unit), !unit.isEmpty else { return (0, 1) }
        return (known.base(0), known.base(1) - known.base(0))
    }
}
