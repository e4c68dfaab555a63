import TapCore
import TestSupport
import Testing

@testable import TapWatch

@Suite
struct LossTests {
    private struct Counts {
        var known = 0
        var knowable = 0
        var formulas = 0
        var exact = 0
    }

    /// Every verdict that is known must be what all completions say.
    private func judge(isReadOnce: Bool, _ count: Int) -> Counts {
        var random = RandomFormula(seed: 5000 + FormulaCases.seed * 2 + (isReadOnce ? 1 : 0))
        random.isReadOnce = isReadOnce
        random.longest = 3
        var counts = Counts()
        for _ in 0..<count {
            let formula = random.next(operators: 1 + random.dice.below(8))
            let length = Int(formula.horizon.count) + 6
            var trace = random.trace(formula.atoms, length: length, unknownOneIn: 0)
            for _ in 0..<(formula.atoms.isEmpty ? 0 : random.dice.below(13)) {
                trace[formula.atoms[random.dice.below(formula.atoms.count)]]?[random.dice.below(length)] = .unknown
            }
            let found = MonitorRun.verdicts(formula, trace, length: length, before: .nothing).verdicts
            let completions = Completions(trace, length: length)
            var isExact = true
            for (now, verdict) in found.enumerated() where now == 2 || now == 5 {
                let best = completions.truth(of: formula, at: now)
                #expect(verdict == .unknown || verdict == best, "\(formula) over \(trace) at \(now)")
                counts.knowable += best == .unknown ? 0 : 1
                counts.known += verdict == .unknown ? 0 : 1
                isExact = isExact && verdict == best
            }
            counts.formulas += 1
            counts.exact += isExact ? 1 : 0
        }
        return counts
    }

    @Test func `with losses, a formula that names each signal once is known wherever it can be`() {
        let counts = judge(isReadOnce: true, FormulaCases.count(150))
        #expect(counts.exact == counts.formulas)
        #expect(counts.known == counts.knowable)
    }

    @Test func `with losses, no verdict is wrong`() {
        let counts = judge(isReadOnce: false, FormulaCases.count(150))
        #expect(counts.exact * 10 >= counts.formulas * 9)
        print("losses: \(counts.exact) of \(counts.formulas) formulas with repeated signals as well known as can be")
    }
}
