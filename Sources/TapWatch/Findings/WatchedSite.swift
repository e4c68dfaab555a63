public import TapConfig
import TapCore

/// What of a site is watched, and what is not.
public struct WatchedSite: Sendable {
    public let name: String
    public let title: String
    public let rules: [WatchedRule]
    /// What cannot be decided yet, by names as in `SiteMeaning`.
    public let unwatched: [String]
    /// What people do, and what it excuses.
    public let work: [WatchedWork]
    /// Signals and sources of claims that are watched as if nobody tapped them.
    public let leftOut: Set<String>
    let site: Site
    /// What each atom of the rules asks.
    let atoms: [String: RuleAtom]

    /// Reads claims of the time; nil: they are not decided.
    let clock: (any ClockReader)?

    /// Never blocks.
    ///
    /// - Parameters:
    ///   - clock: reads claims of the time, in the site's zone; nil: they stay unknown.
    ///   - leftOut: signals and sources of claims to watch as if nobody tapped them.
    public init(_ site: Site, clock: (any ClockReader)? = nil, without leftOut: Set<String> = []) {
        self.site = site
        self.leftOut = leftOut
        self.clock = clock
        name = site.name
        title = site.title
        let formulas = SiteCompiler.formulas(of: site)
        let proofs = SiteCompiler.proofs(of: site)
        let clearings = SiteCompiler.clearings(of: site)
        let works = SiteCompiler.work(of: site)
        work = works.map(\.work)
        let asked = (formulas + proofs + clearings).map(\.atoms) + works.map(\.atoms)
        atoms = Dictionary(asked.flatMap { Array($0) }) { first, _ in first }
        let proofOf = Dictionary(proofs.map { ($0.name, $0.formula) }) { first, _ in first }
        let clearingOf = Dictionary(clearings.map { ($0.name, $0.formula) }) { first, _ in first }
        let sentences = BrokenSentence(site)
        let meanings = Dictionary(site.meanings.map { ($0.name, $0) }) { first, _ in first }
        let named = Dictionary(site.rules.map { ($0.name, $0) }) { first, _ in first }
        rules = formulas.map { formula in
            let (rule, meaning) = (named[formula.name], meanings[formula.name])
            var watched = WatchedRule(
                name: formula.name, formula: formula.formula,
                assets: WatchedSite.assets(formula.name, rule, meaning?.reliance, site),
                severity: rule?.severity ?? .medium,
                kind: rule?.kind ?? .deviation,
                sentence: rule.map { sentences.text(of: $0) } ?? sentences.text(ofClaim: formula.name),
                claims: meaning?.reliance.tags.map(\.description).sorted() ?? [],
                reads: WatchedSite.reads(rule, meaning?.reliance, site) + WatchedSite.writes(formula.name, site),
                needs: WatchedSite.needs(meaning?.reliance, site),
                memory: max(
                    meaning?.reliance.delay ?? .zero, meaning?.reliance.memory ?? .zero, WatchedSite.window(rule)),
                proof: rule?.provenEvery.flatMap { every in
                    proofOf[formula.name].map { WatchedRule.Proof($0, every: every) }
                }, clearing: clearingOf[formula.name])
            watched.isApproved = rule == nil && site.approvable(formula.name) != nil
            if watched.isApproved { watched.reads += WatchedSite.approval(formula.name, site) }
            return watched
        }
        unwatched = SiteCompiler.undecided(of: site)
    }

    /// What a finding of the rule says values of: quantities, and of lines and digital tags those that its sentence leaves open.
    private static func reads(_ rule: SiteRule?, _ reliance: Reliance?, _ site: Site) -> [String] {
        guard let reliance else { return [] }
        let isOpen =
            switch rule?.body {
            case .response(_, _, _, let bothWays, _): bothWays
            case .never, .always, .count: false
            case .balance, .bound, .start, .formula, nil: true
            }
        let signals = site.signals.filter { reliance.signals.contains($0.name) && (isOpen || !$0.isLine) }.map(\.name)
        let tags = site.sources.flatMap { source in
            source.tags.filter { $0.kind != .bool || isOpen }.map { TagName(source: source.name, tag: $0.name) }
        }
        return signals + tags.filter { reliance.tags.contains($0) }.map(\.description)
    }

    private static func needs(_ reliance: Reliance?, _ site: Site) -> [String] {
        guard let reliance else { return [] }
        return site.signals.map(\.name).filter { reliance.signals.contains($0) }
            + reliance.tags.map(\.description).sorted()
    }

    /// What findings call the value that is approved for a tag.
    static func approval(of tag: String) -> String { "approved for \(tag)" }

    /// What findings call the last write to a tag's register.
    static func write(to tag: String) -> String { "write to \(tag)" }

    private static func approval(_ tag: String, _ site: Site) -> [String] { [approval(of: tag), write(to: tag)] }

    /// Where the rule is about what is written to a source, what that was.
    private static func writes(_ rule: String, _ site: Site) -> [String] {
        site.sources.filter { rule == "\($0.name) writes" }.map { "\($0.name).\(BusWrite.tag)" }
    }

    /// Over what a rule counts.
    private static func window(_ rule: SiteRule?) -> Nanoseconds {
        switch rule?.body {
        case .count(_, let limits): limits.map(\.span).max() ?? .zero
        case .balance(_, _, _, _, let over), .bound(_, _, _, let over): over
        default: .zero
        }
    }

    /// The rule's or the tag's own, or those of the signals that it reads, in the order of the site.
    private static func assets(
        _ name: String, _ rule: SiteRule?, _ reliance: Reliance?, _ site: Site
    ) -> [SiteAsset] {
        let own = rule.map(\.asset) ?? site.assetOfTag(rule: name)
        if !own.isEmpty { return site.assets.filter { $0.name == own } }
        let read = Set(site.signals.filter { reliance?.signals.contains($0.name) == true }.map(\.asset))
        return site.assets.filter { read.contains($0.name) }
    }
}

extension Site {
    /// That a tag's own rules are about, where the site says so; empty: it does not, or the rule is of no tag.
    fileprivate func assetOfTag(rule: String) -> String {
        for source in sources {
            for tag in source.tags where !tag.asset.isEmpty {
                let own = "\(source.name).\(tag.name)"
                if rule == own || rule.hasPrefix(own + " ") { return tag.asset }
            }
        }
        return ""
    }
}
