import TapCore
import TapWatch
import Testing

@Suite
struct FormulaTests {
    private let a = Formula.atom("P1_CMD")
    private let b = Formula.atom("LT1 >= 3.6 m")

    @Test func `a window has no negative end and ends after it begins`() {
        #expect(FormulaWindow(.seconds(-1), .seconds(1)) == nil)
        #expect(FormulaWindow(.seconds(2), .seconds(1)) == nil)
        #expect(FormulaWindow(.seconds(2), .seconds(2)) != nil)
        #expect(FormulaWindow(upTo: .seconds(-1)).to == .zero)
    }

    @Test func `a formula is printed with words and parentheses`() throws {
        let window = try #require(FormulaWindow(.milliseconds(500), .seconds(2)))
        let since = Formula.since(FormulaWindow(upTo: FormulaWindow.unbounded), .not(a), b)
        #expect(
            Formula.implies(.and(.and(a, b), .not(b)), .eventually(window, a)).description
                == "(P1_CMD and (LT1 >= 3.6 m) and (not (LT1 >= 3.6 m))) implies (eventually[500ms, 2s] P1_CMD)")
        #expect(since.description == "(not P1_CMD) since[0s, inf) (LT1 >= 3.6 m)")
        #expect(Formula.and(a, .and(a, b)).description == "P1_CMD and (P1_CMD and (LT1 >= 3.6 m))")
        #expect(Formula.all([]).description == "true")
        #expect(Formula.any([]).description == "false")
        #expect(Formula.any([a, b, a]).description == "P1_CMD or (LT1 >= 3.6 m) or P1_CMD")
    }

    @Test func `horizon and memory are the longest path of windows`() throws {
        let window = try #require(FormulaWindow(.seconds(1), .seconds(3)))
        let formula = Formula.or(
            .always(window, .until(FormulaWindow(upTo: .seconds(2)), a, .once(window, b))), .historically(window, a))
        #expect(formula.horizon == .seconds(5))
        #expect(formula.memory == .seconds(3))
        #expect(formula.atoms == ["P1_CMD", "LT1 >= 3.6 m"])
        #expect(Formula.once(FormulaWindow(upTo: FormulaWindow.unbounded), a).memory == FormulaWindow.unbounded)
    }
}
