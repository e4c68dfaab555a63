public import TapConfig
import TapCore

/// Makes formulas of a site's rules. What has no form in temporal logic (numbers, balances) is an atom.
///
/// A rule that speaks once something has been wrong for a time is a formula of the past: `not historically[0s, 2s] wrong`.
public struct SiteCompiler {
    let site: Site
    private let words: [String: Condition]
    var atoms: [String: RuleAtom] = [:]
    /// Lines are unknown while they are not steady.
    var isLoose = false

    init(_ site: Site) {
        self.site = site
        words = Dictionary(
            site.words.compactMap { word -> (String, Condition)? in
                if case .condition(let condition) = word.meaning { (word.name, condition) } else { nil }
            }
        ) { first, _ in first }
    }

    /// Of each source: each tag that is compared, how late it is, then the source's silence, its repetition, what is written to
    /// it, and whether it makes too many claims; then of each transmitter and each channel that is watched for steps, of each rule, and of work that may be claimed, in the order of the site. Never blocks.
    public static func formulas(of site: Site) -> [RuleFormula] {
        let compiler = SiteCompiler(site)
        let claims = site.sources.flatMap { source -> [RuleFormula] in
            let tags = source.tags.flatMap { tag in
                [compiler.formula(of: tag, source), compiler.punctuality(of: tag, source)].compactMap { $0 }
            }
            return tags + compiler.silence(of: source) + compiler.repetition(of: source)
                + compiler.writes(to: source) + [compiler.flood(of: source)]
        }
        return claims + site.transmitters.map { compiler.failure(of: $0) }
            + site.guarded.map { compiler.distrust(of: $0) }
            + site.rules.map { compiler.formula(of: $0) }
            + compiler.claimedWork()
    }

    /// While every supply that feeds it is there.
    private func failure(of signal: SiteSignal) -> RuleFormula {
        var compiler = self
        let parts = site.supplies(of: signal.name).map { Condition.line($0) } + [.failed(signal.name)]
        let formula = Self.never(.all(parts.map { compiler.formula($0) }), for: Site.failureLasts)
        return RuleFormula(name: Condition.failed(signal.name).text, formula: formula, atoms: compiler.atoms)
    }

    private func distrust(of signal: SiteSignal) -> RuleFormula {
        var compiler = self
        let name = Site.distrust(of: signal.name)
        let formula = Self.never(compiler.atom(name, .distrust(of: signal.name)), for: Site.failureLasts)
        return RuleFormula(name: name, formula: formula, atoms: compiler.atoms)
    }

    /// Of each rule that must be proven, by its name: true while what it asks about is so and what it asks for is there. Never
    /// blocks.
    public static func proofs(of site: Site) -> [RuleFormula] {
        site.rules.compactMap { SiteCompiler(site).proof(of: $0) }
    }

    private func proof(of rule: SiteRule) -> RuleFormula? {
        guard rule.provenEvery != nil else { return nil }
        var compiler = self
        var parts = rule.guarding.map { [compiler.formula($0)] } ?? []
        if case .response(let when, let then, _, _, _) = rule.body {
            parts += [compiler.formula(when), compiler.formula(then)]
        }
        return RuleFormula(name: rule.name, formula: .all(parts), atoms: compiler.atoms)
    }

    /// Of each rule, and each tag that is compared, that says when a finding of it is over, by its name: true from when on it is.
    /// Never blocks.
    public static func clearings(of site: Site) -> [RuleFormula] {
        let compiler = SiteCompiler(site)
        let tags = site.sources.flatMap { source in
            source.tags.compactMap { tag in
                tag.clearing.flatMap { clearing in
                    compiler.formula(of: tag, source).map { compiler.clearing(clearing, of: $0) }
                }
            }
        }
        return tags
            + site.rules.compactMap { rule in
                rule.clearing.map { compiler.clearing($0, of: compiler.formula(of: rule)) }
            }
    }

    private func clearing(_ clearing: SiteClearing, of rule: RuleFormula) -> RuleFormula {
        var compiler = self
        compiler.atoms = rule.atoms
        let parts = [rule.formula] + (clearing.condition.map { [compiler.formula($0)] } ?? [])
        let whole = Formula.all(parts)
        let formula =
            clearing.time > .zero ? Formula.historically(FormulaWindow(upTo: clearing.time), whole) : whole
        return RuleFormula(name: rule.name, formula: formula, atoms: compiler.atoms)
    }

    private func formula(of rule: SiteRule) -> RuleFormula {
        var compiler = self
        let guarding = rule.guarding.map { guarding in
            let holds = compiler.formula(guarding)
            return rule.settle > .zero ? Formula.historically(FormulaWindow(upTo: rule.settle), holds) : holds
        }
        let formula = compiler.body(rule) { wrong in guarding.map { .and($0, wrong) } ?? wrong }
        return RuleFormula(name: rule.name, formula: formula, atoms: compiler.atoms)
    }

    static func never(_ wrong: Formula, for time: Nanoseconds) -> Formula {
        time > .zero ? .not(.historically(FormulaWindow(upTo: time), wrong)) : not(wrong)
    }

    static func not(_ formula: Formula) -> Formula {
        if case .not(let inner) = formula { inner } else { .not(formula) }
    }

    /// - Parameter guarded: what is wrong only while the rule's guard holds.
    private mutating func body(_ rule: SiteRule, guarded: (Formula) -> Formula) -> Formula {
        switch rule.body {
        case .never(let condition, let time): return Self.never(guarded(formula(condition)), for: time)
        case .always(let condition, let time): return Self.never(guarded(Self.not(formula(condition))), for: time)
        case .response(let when, let then, let within, let bothWays, let atMost):
            let (first, second) = (formula(when), formula(then))
            var wrong = Formula.and(first, .not(second))
            if let atMost { wrong = .and(wrong, .not(.historically(FormulaWindow(upTo: atMost), first))) }
            let forward = Self.never(guarded(wrong), for: within)
            guard bothWays else { return forward }
            return .and(forward, Self.never(guarded(.and(.not(first), second)), for: within))
        case .count(let condition, let limits):
            let within = limits.map { limit in
                let text = "count(\(condition.text), \(DurationText.exact(limit.span))) <= \(limit.count)"
                let starts = Measure.starts(condition, over: limit.span)
                return atom(text, .condition(.compare(starts, .atMost, .count(limit.count))))
            }
            return Self.not(guarded(.not(.all(within))))
        case .balance, .bound:
            return Self.not(guarded(.not(atom("balance of \(rule.name)", .balance(rule: rule.name)))))
        case .start(let lines, let after, let needs, let turns): return start(lines, after, needs, turns, guarded)
        case .formula(let condition): return Self.not(guarded(Self.not(formula(condition))))
        }
    }

    mutating func formula(_ condition: Condition) -> Formula {
        switch condition {
        case .constant(let isTrue): return .constant(isTrue)
        case .word(let name): return words[name].map { formula($0) } ?? atom(name, .condition(condition))
        case .not(let inner): return Self.not(formula(inner))
        case .all(let parts): return .all(formulas(parts))
        case .any(let parts): return .any(formulas(parts))
        case .same(let left, let right):
            let (first, second) = (formula(left), formula(right))
            return .or(.and(first, second), .and(.not(first), .not(second)))
        case .holds(let inner, let time): return .historically(FormulaWindow(upTo: time), formula(inner))
        case .once(let inner, let window): return .once(FormulaWindow(window), formula(inner))
        case .historically(let inner, let window): return .historically(FormulaWindow(window), formula(inner))
        case .eventually(let inner, let window): return .eventually(FormulaWindow(window), formula(inner))
        case .always(let inner, let window): return .always(FormulaWindow(window), formula(inner))
        case .since(let first, let second, let window):
            return .since(FormulaWindow(window), formula(first), formula(second))
        case .line(let name) where isLoose && isBouncing(name): return atom("\(name) level", .level(line: name))
        case .line, .tag, .says, .silent, .compare, .steady, .jumps, .failed:
            return atom(condition.text, .condition(condition))
        }
    }

    private mutating func formulas(_ conditions: [Condition]) -> [Formula] {
        var result: [Formula] = []
        for condition in conditions { result.append(formula(condition)) }
        return result
    }

    mutating func atom(_ text: String, _ asked: RuleAtom) -> Formula {
        atoms[text] = asked
        return .atom(text)
    }
}

extension FormulaWindow {
    /// What a site file writes has no negative end, and ends not before it begins.
    fileprivate init(_ window: Condition.Window) {
        self = FormulaWindow(window.from, window.to) ?? FormulaWindow(upTo: window.to)
    }
}
