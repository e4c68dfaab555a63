import TapCore
import TestSupport
import Testing

@testable import TapWatch

@Suite
struct MonitorTests {
    @Test(arguments: [Monitor.Before.nothing, .unknown])
    func `a monitor finds what the definition says`(before: Monitor.Before) {
        var random = RandomFormula(seed: FormulaCases.seed * 2 + (before == .nothing ? 0 : 1))
        var counts: [Truth: Int] = [:]
        for _ in 0..<FormulaCases.count(300) {
            let formula = random.next(operators: 1 + random.dice.below(6))
            let length = 30
            let trace = random.trace(formula.atoms, length: length, unknownOneIn: [0, 3, 10][random.dice.below(3)])
            let judge = ByDefinition(trace: trace, length: length, before: before)
            let (found, lost) = MonitorRun.verdicts(formula, trace, length: length, before: before)
            let expected = (0..<max(0, length - Int(formula.horizon.count))).map { judge.truth(of: formula, at: $0) }
            #expect(lost == 0)
            #expect(found == expected, "\(formula) over \(trace)")
            for truth in expected { counts[truth, default: 0] += 1 }
            if found != expected { return }
        }
        let all = counts.values.reduce(0, +)
        #expect(counts[.true, default: 0] * 5 >= all && counts[.false, default: 0] * 5 >= all, "\(counts)")
    }

    /// Past formulas for one judge, those that look ahead for another.
    @Test(.enabled(if: FormulaCases.file != nil, "only where TAP_FORMULA_CASES names a file"))
    func `cases for other judges`() {
        var lines: [String] = []
        for (seed, kind) in ["past", "dense", "future", "both"].enumerated() {
            var random = RandomFormula(seed: 1000 + FormulaCases.seed * 4 + UInt64(seed))
            random.hasPast = kind != "future"
            random.hasFuture = kind == "future" || kind == "both"
            for _ in 0..<FormulaCases.count(300) {
                let formula = random.next(operators: 1 + random.dice.below(6))
                let trace = random.trace(formula.atoms, length: 40, unknownOneIn: 0)
                let found = MonitorRun.verdicts(formula, trace, length: 40, before: .nothing, isDense: kind == "dense")
                    .verdicts
                lines.append(FormulaCases.line(kind, formula, trace, found))
            }
        }
        FormulaCases.write(lines)
    }
}
