import TapCore
import TapWatch
import TestSupport

/// Formulas and traces by seed.
struct RandomFormula {
    var dice: Dice
    /// Windows end at most this far away, in whole instants.
    var longest = 6
    var hasPast = true
    var hasFuture = true
    /// Each atom at most once.
    var isReadOnce = false
    private var taken = 0

    init(seed: UInt64) { dice = Dice(seed) }

    static let names = ["p", "q", "r"]

    mutating func next(operators: Int) -> Formula {
        taken = 0
        return formula(operators)
    }

    private mutating func formula(_ operators: Int) -> Formula {
        guard operators > 0 else { return atom() }
        let isBinary = operators > 1 || dice.isTrue(oneIn: 2)
        var kinds = [0]
        if isBinary { kinds += [1, 2, 3, 1, 2] }
        if hasPast { kinds += isBinary ? [4, 5, 6, 6] : [4, 5] }
        if hasFuture { kinds += isBinary ? [7, 8, 9, 9] : [7, 8] }
        let kind = kinds[dice.below(kinds.count)]
        switch kind {
        case 0: return .not(formula(operators - 1))
        case 4: return .once(window(), formula(operators - 1))
        case 5: return .historically(window(), formula(operators - 1))
        case 7: return .eventually(window(), formula(operators - 1))
        case 8: return .always(window(), formula(operators - 1))
        default: break
        }
        let share = dice.below(operators)
        let (left, right) = (formula(share), formula(operators - 1 - share))
        return switch kind {
        case 1: .and(left, right)
        case 2: .or(left, right)
        case 3: .implies(left, right)
        case 6: .since(window(), left, right)
        default: .until(window(), left, right)
        }
    }

    private mutating func atom() -> Formula {
        taken += 1
        return .atom(isReadOnce ? "p\(taken)" : RandomFormula.names[dice.below(RandomFormula.names.count)])
    }

    private mutating func window() -> FormulaWindow {
        let from = dice.below(longest)
        return FormulaWindow(Nanoseconds(Int64(from)), Nanoseconds(Int64(from + dice.below(longest - from + 1))))
            ?? FormulaWindow(upTo: .zero)
    }

    /// A truth for each instant of each atom; `unknownOneIn`: how rare an unknown one is, 0: none.
    mutating func trace(_ atoms: [String], length: Int, unknownOneIn: Int) -> [String: [Truth]] {
        var trace: [String: [Truth]] = [:]
        for atom in atoms {
            var value = Truth(dice.isTrue(oneIn: 2))
            let calm = 1 + dice.below(5)
            trace[atom] = (0..<length).map { _ in
                if dice.isTrue(oneIn: calm) { value = Truth(dice.isTrue(oneIn: 2)) }
                return unknownOneIn > 0 && dice.isTrue(oneIn: unknownOneIn) ? .unknown : value
            }
        }
        return trace
    }
}
