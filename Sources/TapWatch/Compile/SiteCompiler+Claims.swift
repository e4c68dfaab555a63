public import TapConfig
import TapCore

extension SiteCompiler {
    /// So many claims in a row are counted at most; more count as time.
    private static let mostPolls = 20

    /// nil: it is compared with nothing.
    func formula(of tag: SiteTag, _ source: SiteClaimSource) -> RuleFormula? {
        guard let agreement = tag.agreement else { return nil }
        var compiler = self
        let name = TagName(source: source.name, tag: tag.name)
        let said = compiler.atom("\(name) said", .said(name))
        var wrong = compiler.wrong(name, tag, agreement, FormulaWindow(upTo: tag.late ?? source.late))
        var kept = Formula.not(said)
        if let guarding = tag.guarding {
            let holds = compiler.formula(guarding)
            wrong = .and(holds, wrong)
            kept = .and(kept, holds)
        }
        var (polls, time) = (1, Nanoseconds.zero)
        switch tag.hold {
        case .polls(let count) where count <= Self.mostPolls: polls = max(1, count)
        case .polls, .time: time = tag.hold.time(every: source.every)
        }
        // The last claim was wrong, and the one before it, and so on.
        var broken = Formula.since(.always, kept, .and(said, wrong))
        for _ in 1..<polls {
            broken = .since(.always, kept, .and(.and(said, wrong), .once(.justBefore, broken)))
        }
        return RuleFormula(name: name.description, formula: Self.never(broken, for: time), atoms: compiler.atoms)
    }

    /// What the claim says is wrong at the instant at which it comes.
    private mutating func wrong(
        _ name: TagName, _ tag: SiteTag, _ agreement: SiteAgreement, _ late: FormulaWindow
    ) -> Formula {
        isLoose = true
        defer { isLoose = false }
        switch agreement {
        case .condition(let condition):
            let (wire, claim) = (formula(condition), atom(name.description, .condition(.tag(name))))
            return .or(
                .and(claim, .historically(late, Self.not(wire))), .and(.not(claim), .historically(late, wire)))
        case .words(let conditions):
            guard case .words(let words) = tag.kind else { return .constant(false) }
            var wrong: [Formula] = []
            for (word, condition) in zip(words, conditions) {
                guard let condition else { continue }
                let says = Condition.says(name, word: word)
                wrong.append(
                    .and(atom(says.text, .condition(says)), .historically(late, Self.not(formula(condition)))))
            }
            return .any(wrong)
        case .measure, .approved, .edges, .clock: return .not(atom("\(name) agrees", .agreement(name)))
        }
    }

    func silence(of source: SiteClaimSource) -> [RuleFormula] {
        guard source.silentAfter != nil else { return [] }
        var compiler = self
        let silent = compiler.formula(.silent(source.name))
        return [RuleFormula(name: "\(source.name) silent", formula: .not(silent), atoms: compiler.atoms)]
    }

    func isBouncing(_ line: String) -> Bool {
        site.signals.contains { $0.name == line && $0.settle > .zero } || site.knownSupplies(of: line) != nil
    }

    /// Whether a value is shown late, which takes an estimate.
    func punctuality(of tag: SiteTag, _ source: SiteClaimSource) -> RuleFormula? {
        guard tag.hasEstimatedDelay else { return nil }
        var compiler = self
        let name = TagName(source: source.name, tag: tag.name)
        let formula = compiler.atom("\(name) in time", .punctuality(name))
        return RuleFormula(name: "\(name) late-by-at-most", formula: formula, atoms: compiler.atoms)
    }

    func repetition(of source: SiteClaimSource) -> [RuleFormula] {
        guard source.repeats != nil else { return [] }
        var compiler = self
        let repeats = compiler.atom("\(source.name) repeats", .repetition(of: source.name))
        return [RuleFormula(name: "\(source.name) repeats", formula: .not(repeats), atoms: compiler.atoms)]
    }

    func flood(of source: SiteClaimSource) -> RuleFormula {
        var compiler = self
        let flooded = compiler.atom("\(source.name) flooded", .flood(of: source.name))
        return RuleFormula(name: "\(source.name) flooded", formula: .not(flooded), atoms: compiler.atoms)
    }

    func writes(to source: SiteClaimSource) -> [RuleFormula] {
        guard source.writes != nil else { return [] }
        var compiler = self
        let written = compiler.atom("\(source.name) writes", .written(to: source.name))
        return [RuleFormula(name: "\(source.name) writes", formula: .not(written), atoms: compiler.atoms)]
    }

    /// What nothing decides yet, by names as in `SiteMeaning`: delays of what is no quantity.
    public static func undecided(of site: Site) -> [String] {
        site.sources.flatMap { source -> [String] in
            let delays = source.tags.filter { $0.lateByAtMost != nil && !$0.hasEstimatedDelay }.map {
                "\(source.name).\($0.name) late-by-at-most"
            }
            return delays
        }
    }
}

extension SiteCompiler {
    /// A line that rises needs something, and its turn. What is claimed of either comes later, so the verdict waits for it.
    mutating func start(
        _ lines: [String], _ after: Condition?, _ needs: Condition?, _ turns: [Condition],
        _ guarded: (Formula) -> Formula
    ) -> Formula {
        let rises = lines.map { atom("\($0) rises", .rises(line: $0)) }
        var wrong: [Formula] = []
        if let needs {
            let delay = claimed(needs)
            let holds = formula(needs)
            wrong.append(.not(delay > .zero ? .eventually(FormulaWindow(upTo: delay), holds) : holds))
        }
        let rested = after.map { Formula.once(.justBefore, formula($0)) }
        let may = turns.map { formula($0) }
        func starts(_ line: Int) -> Formula { .all([rises[line]] + (rested.map { [$0] } ?? [])) }
        func started(_ line: Int, beside another: Int) -> Formula { .and(starts(line), may[another]) }
        // It started when it could have been the other's turn, or after the other had had its own.
        func tookTurn(_ line: Int, before another: Int) -> Formula {
            let isNext = Formula.once(
                .justBefore, .since(.always, .not(starts(line)), started(another, beside: line)))
            return .and(starts(line), .or(may[another], isNext))
        }
        for own in may.indices {
            for other in may.indices where other != own {
                // Since the other one's turn, this one had its own already.
                let again = Formula.once(
                    .justBefore,
                    .since(.always, .not(tookTurn(other, before: own)), tookTurn(own, before: other)))
                let delay = claimed(turns[other])
                let mayOther = delay > .zero ? .always(FormulaWindow(upTo: delay), may[other]) : may[other]
                wrong.append(.all([rises[own], again, mayOther]))
            }
        }
        let premise = rested.map { Formula.and(.any(rises), $0) } ?? .any(rises)
        return .not(guarded(.and(premise, .any(wrong))))
    }

    /// How late what is claimed in it may be; zero: it rests on wires alone.
    private func claimed(_ condition: Condition) -> Nanoseconds {
        let reliance = site.reliance(on: condition)
        return reliance.tags.isEmpty ? .zero : reliance.delay
    }
}

extension SiteTag {
    /// How late it is shown can be estimated.
    fileprivate var hasEstimatedDelay: Bool {
        guard lateByAtMost != nil, case .measure = agreement else { return false }
        return true
    }
}

extension FormulaWindow {
    /// As far back as anything is known.
    fileprivate static let always = FormulaWindow(upTo: unbounded)
    /// One nanosecond ago.
    fileprivate static var justBefore: FormulaWindow {
        FormulaWindow(Nanoseconds(1), Nanoseconds(1)) ?? FormulaWindow(upTo: Nanoseconds(1))
    }
}
