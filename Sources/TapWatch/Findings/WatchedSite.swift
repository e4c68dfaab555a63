public import TapConfig
import TapCore

/// What of a site is watched, and what is not.
public struct WatchedSite: Sendable {
    public let name: String
    public let title: String
    public let rules: [WatchedRule]
    /// What cannot be decided yet, by names as in `SiteMeaning`.
    public let unwatched: [String]
    let site: Site
    /// What each atom of the rules asks.
    let atoms: [String: RuleAtom]

    /// Never blocks.
    public init(_ site: Site) {
        self.site = site
        name = site.name
        title = site.title
        let formulas = SiteCompiler.formulas(of: site)
        atoms = Dictionary(formulas.flatMap { Array($0.atoms) }) { first, _ in first }
        let sentences = BrokenSentence(site)
        let meanings = Dictionary(site.meanings.map { ($0.name, $0) }) { first, _ in first }
        let named = Dictionary(site.rules.map { ($0.name, $0) }) { first, _ in first }
        rules = formulas.map { formula in
            let (rule, meaning) = (named[formula.name], meanings[formula.name])
            return WatchedRule(
                name: formula.name, formula: formula.formula,
                assets: WatchedSite.assets(rule, meaning?.reliance, site), severity: rule?.severity ?? .medium,
                kind: rule?.kind ?? .deviation,
                sentence: rule.map { sentences.text(of: $0) } ?? sentences.text(ofClaim: meaning?.sentence ?? ""),
                claims: meaning?.reliance.tags.map(\.description).sorted() ?? [],
                memory: max(meaning?.reliance.delay ?? .zero, WatchedSite.window(rule)))
        }
        unwatched = SiteCompiler.undecided(of: site)
    }

    /// Over what a rule counts.
    private static func window(_ rule: SiteRule?) -> Nanoseconds {
        switch rule?.body {
        case .count(_, let limits): limits.map(\.span).max() ?? .zero
        case .balance(_, _, _, _, let over), .bound(_, _, _, let over): over
        default: .zero
        }
    }

    /// The rule's own, or those of the signals that it reads, in the order of the site.
    private static func assets(_ rule: SiteRule?, _ reliance: Reliance?, _ site: Site) -> [SiteAsset] {
        if let rule, !rule.asset.isEmpty { return site.assets.filter { $0.name == rule.asset } }
        let read = Set(site.signals.filter { reliance?.signals.contains($0.name) == true }.map(\.asset))
        return site.assets.filter { read.contains($0.name) }
    }
}
