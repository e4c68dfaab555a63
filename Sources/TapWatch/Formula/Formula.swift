public import TapCore

/// Signal temporal logic with past and bounded future over atoms; docs/watch-semantics.md says what each means.
public indirect enum Formula: Sendable, Hashable {
    case constant(Bool)
    /// A Boolean signal or a comparison, by its text as people read it. Two atoms of one text are one atom.
    case atom(String)
    case not(Formula)
    case and(Formula, Formula)
    case or(Formula, Formula)
    case implies(Formula, Formula)
    /// Has been true at some time of the window.
    case once(FormulaWindow, Formula)
    /// Has been true at every time of the window.
    case historically(FormulaWindow, Formula)
    /// The second was true at some time of the window, and the first has been ever since.
    case since(FormulaWindow, Formula, Formula)
    /// Will be true at some time of the window.
    case eventually(FormulaWindow, Formula)
    /// Will be true at every time of the window.
    case always(FormulaWindow, Formula)
    /// The second will be true at some time of the window, and the first is until then.
    case until(FormulaWindow, Formula, Formula)

    /// All of them; true where there are none.
    public static func all(_ formulas: [Formula]) -> Formula {
        formulas.dropFirst().reduce(formulas.first ?? .constant(true)) { .and($0, $1) }
    }

    /// Any of them; false where there are none.
    public static func any(_ formulas: [Formula]) -> Formula {
        formulas.dropFirst().reduce(formulas.first ?? .constant(false)) { .or($0, $1) }
    }
}

extension Formula {
    private var parts: (window: FormulaWindow?, isFuture: Bool, operands: [Formula]) {
        switch self {
        case .constant, .atom: (nil, false, [])
        case .not(let operand): (nil, false, [operand])
        case .and(let left, let right), .or(let left, let right), .implies(let left, let right):
            (nil, false, [left, right])
        case .once(let window, let operand), .historically(let window, let operand): (window, false, [operand])
        case .since(let window, let left, let right): (window, false, [left, right])
        case .eventually(let window, let operand), .always(let window, let operand): (window, true, [operand])
        case .until(let window, let left, let right): (window, true, [left, right])
        }
    }

    /// How long after an instant, at the latest, the truth at that instant is known. `FormulaWindow.unbounded`: never.
    public var horizon: Nanoseconds {
        let (window, isFuture, operands) = parts
        let longest = operands.map(\.horizon).max() ?? .zero
        return isFuture ? longest + (window?.to ?? .zero) : longest
    }

    /// How far back from an instant what happened can matter to the truth at it. `FormulaWindow.unbounded`: all of it.
    public var memory: Nanoseconds {
        let (window, isFuture, operands) = parts
        let longest = operands.map(\.memory).max() ?? .zero
        return isFuture ? longest : longest + (window?.to ?? .zero)
    }

    /// Each once, in the order of the text.
    public var atoms: [String] {
        var found: [String] = []
        collectAtoms(&found)
        return found
    }

    private func collectAtoms(_ found: inout [String]) {
        if case .atom(let text) = self, !found.contains(text) { found.append(text) }
        for operand in parts.operands { operand.collectAtoms(&found) }
    }
}

extension Formula: CustomStringConvertible {
    /// As the literature and its tools write it: `always[0s, 2s] (a implies once[0s, 1s] b)`.
    public var description: String {
        switch self {
        case .constant(let value): value ? "true" : "false"
        case .atom(let text): text
        case .not(let operand): "not " + operand.operandText
        case .and(let left, let right): Formula.joined(left, "and", right, chains: true)
        case .or(let left, let right): Formula.joined(left, "or", right, chains: true)
        case .implies(let left, let right): Formula.joined(left, "implies", right, chains: false)
        case .once(let window, let operand): "once\(window.text) \(operand.operandText)"
        case .historically(let window, let operand): "historically\(window.text) \(operand.operandText)"
        case .since(let window, let left, let right): Formula.joined(left, "since\(window.text)", right, chains: false)
        case .eventually(let window, let operand): "eventually\(window.text) \(operand.operandText)"
        case .always(let window, let operand): "always\(window.text) \(operand.operandText)"
        case .until(let window, let left, let right): Formula.joined(left, "until\(window.text)", right, chains: false)
        }
    }

    /// - Parameter chains: a left operand of the same operator needs no parentheses.
    private static func joined(_ left: Formula, _ word: String, _ right: Formula, chains: Bool) -> String {
        let isSame =
            switch left {
            case .and: word == "and"
            case .or: word == "or"
            default: false
            }
        return "\(chains && isSame ? left.description : left.operandText) \(word) \(right.operandText)"
    }

    private var operandText: String {
        switch self {
        case .constant: description
        case .atom(let text): text.utf8.contains(UInt8(ascii: " ")) ? "(\(text))" : text
        default: "(\(description))"
        }
    }
}
