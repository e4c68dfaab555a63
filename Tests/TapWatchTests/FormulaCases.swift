import Glibc
import TapCore
import TestSupport

@testable import TapWatch

/// What other programs judge: a line of JSON for each case, to the file that `TAP_FORMULA_CASES` names.
/// `[KIND, FORMULA, {ATOM: "0110..."}, "010..."]`: the verdicts of a monitor at 0, 1, 2...
enum FormulaCases {
    static let file = environment("TAP_FORMULA_CASES")
    /// How many cases a test tries, `TAP_FORMULAS`. A soak adds them up.
    static func count(_ usual: Int) -> Int {
        let count = environment("TAP_FORMULAS").flatMap { Int($0) } ?? usual
        if environment("TAP_SOAK_SEED") != nil { print("soak: \(count) formulas") }
        return count
    }
    static let seed = environment("TAP_SOAK_SEED").flatMap { UInt64($0) } ?? 0

    private static func environment(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    static func line(_ kind: String, _ formula: Formula, _ trace: [String: [Truth]], _ verdicts: [Truth]) -> String {
        let signals = trace.keys.sorted().map { "\"\($0)\": \"\(digits(trace[$0] ?? []))\"" }
        return "[\"\(kind)\", \(tree(formula)), {\(signals.joined(separator: ", "))}, \"\(digits(verdicts))\"]\n"
    }

    private static func digits(_ truths: [Truth]) -> String {
        truths.map { $0 == .true ? "1" : $0 == .false ? "0" : "?" }.joined()
    }

    private static func tree(_ formula: Formula) -> String {
        func windowed(_ name: String, _ window: FormulaWindow, _ operands: Formula...) -> String {
            "[\"\(name)\", \(window.from.count), \(window.to.count), \(operands.map(tree).joined(separator: ", "))]"
        }
        return switch formula {
        case .constant(let value): "\"\(value)\""
        case .atom(let name): "\"\(name)\""
        case .not(let operand): "[\"not\", \(tree(operand))]"
        case .and(let left, let right): "[\"and\", \(tree(left)), \(tree(right))]"
        case .or(let left, let right): "[\"or\", \(tree(left)), \(tree(right))]"
        case .implies(let left, let right): "[\"implies\", \(tree(left)), \(tree(right))]"
        case .once(let window, let operand): windowed("once", window, operand)
        case .historically(let window, let operand): windowed("historically", window, operand)
        case .eventually(let window, let operand): windowed("eventually", window, operand)
        case .always(let window, let operand): windowed("always", window, operand)
        case .since(let window, let left, let right): windowed("since", window, left, right)
        case .until(let window, let left, let right): windowed("until", window, left, right)
        }
    }

    static func write(_ lines: [String]) {
        guard let file, let stream = unsafe fopen(file, "w") else { return }
        for line in lines { unsafe fputs(line, stream) }
        unsafe fclose(stream)
    }
}
