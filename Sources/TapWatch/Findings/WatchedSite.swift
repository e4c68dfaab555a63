public import TapConfig
import TapCore

/// What of a site is watched, and what is not.
public struct WatchedSite: Sendable {
    /// A rule that cannot be decided yet.
    public struct Unwatched: Sendable, Hashable {
        public var rule: String
        /// What it asks for.
        public var why: String
    }

    public let name: String
    public let title: String
    public private(set) var rules: [WatchedRule] = []
    public private(set) var unwatched: [Unwatched] = []
    /// Of each line of a board that is a signal, the signal's name.
    let signalOfLine: [String: String]

    /// Never blocks.
    public init(_ site: Site) {
        name = site.name
        title = site.title
        let wires = site.signals.compactMap { signal -> (String, String)? in
            if case .line(let line) = signal.wire { (line, signal.name) } else { nil }
        }
        signalOfLine = Dictionary(wires) { first, _ in first }
        let formulas = Dictionary(SiteCompiler.formulas(of: site).map { ($0.name, $0) }) { first, _ in first }
        let sentences = BrokenSentence(site)
        for meaning in site.meanings {
            guard let formula = formulas[meaning.name] else {
                unwatched.append(Unwatched(rule: meaning.name, why: WatchedSite.estimate(meaning.name)))
                continue
            }
            let why = formula.atoms.sorted { $0.key < $1.key }.lazy.compactMap { WatchedSite.lack($0.value, site) }
                .first
            if let why {
                unwatched.append(Unwatched(rule: meaning.name, why: why))
                continue
            }
            let rule = site.rules.first { $0.name == meaning.name }
            rules.append(
                WatchedRule(
                    name: meaning.name, formula: formula.formula, assets: WatchedSite.assets(rule, meaning, site),
                    severity: rule?.severity ?? .medium, kind: rule?.kind ?? .deviation,
                    sentence: rule.map { sentences.text(of: $0) } ?? sentences.text(ofClaim: meaning),
                    claims: meaning.reliance.tags.map(\.description).sorted()))
        }
    }

    /// What keeps an atom from being decided by records; nil: nothing does.
    private static func lack(_ atom: RuleAtom, _ site: Site) -> String? {
        switch atom {
        case .condition(.line): nil
        case .condition(.tag(let name)):
            site.sources.first { $0.name == name.source }?.tags.first { $0.name == name.tag }?.kind == .bool
                ? nil : "a tag of words or numbers"
        case .condition(.silent): "the silence of a source"
        case .condition: "values of channels or tags"
        case .agreement: "a claim beside its wire"
        case .balance: "a balance"
        case .rises, .turn: "the order of starts"
        }
    }

    /// What is asked by a name that no formula has: a source's and what it does.
    private static func estimate(_ name: String) -> String {
        switch name.split(separator: " ").last {
        case "silent": "the silence of a source"
        case "repeats": "the repetition of reports"
        default: "writes on a bus"
        }
    }

    /// The rule's own, or those of the signals that it reads, in the order of the site.
    private static func assets(_ rule: SiteRule?, _ meaning: SiteMeaning, _ site: Site) -> [SiteAsset] {
        if let rule, !rule.asset.isEmpty { return site.assets.filter { $0.name == rule.asset } }
        let read = Set(site.signals.filter { meaning.reliance.signals.contains($0.name) }.map(\.asset))
        return site.assets.filter { read.contains($0.name) }
    }
}
