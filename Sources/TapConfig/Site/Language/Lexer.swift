import TapCore

/// Cuts an expression into tokens.
struct Lexer {
    private let text: [Unicode.Scalar]
    private var index = 0

    private init(_ text: String) { self.text = Array(text.unicodeScalars) }

    /// The last one is `end`.
    static func tokens(of text: String) throws(ExpressionProblem) -> [Token] {
        var lexer = Lexer(text)
        var tokens: [Token] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private mutating func next() throws(ExpressionProblem) -> Token {
        while index < text.count, text[index] == " " || text[index] == "\n" { index += 1 }
        let start = index
        guard index < text.count else { return Token(kind: .end, at: start) }
        let first = text[index]
        if isDigit(first) { return Token(kind: number(), at: start) }
        if isLetter(first) {
            return Token(kind: .name(take { isLetter($0) || isDigit($0) || $0 == "_" || $0 == "." }), at: start)
        }
        let pair = index + 1 < text.count && text[index + 1] == "=" ? "\(first)=" : ""
        if ["<=", ">=", "==", "!="].contains(pair) {
            index += 2
            return Token(kind: .symbol(pair), at: start)
        }
        guard "<>()+-*/^,[]".unicodeScalars.contains(first) else {
            let meant: [Unicode.Scalar: String] = [
                "=": "write == to compare", "&": "write 'and'", "|": "write 'or'", "!": "write 'not'", "≤": "write <=",
                "≥": "write >=", "≠": "write !=", "#": "declare the template under 'each', as 'P#: [P1, P2]'",
                ".": "write a digit before the point",
            ]
            throw ExpressionProblem(
                at: start, what: "'\(printable(String(first)))' has no meaning here",
                fix: meant[first]
                    ?? "an expression has names, quantities, and, or, not, <, <=, >, >=, ==, !=, + - * / ^")
        }
        index += 1
        return Token(kind: .symbol(String(first)), at: start)
    }

    private mutating func number() -> Token.Kind {
        // "0..5" is no number: the second point ends it, and is refused.
        var hasPoint = false
        let digits = take { scalar in
            if scalar == ".", !hasPoint {
                hasPoint = true
                return true
            }
            return isDigit(scalar)
        }
        let after = index
        while index < text.count, text[index] == " " { index += 1 }
        guard index < text.count, isLetter(text[index]) || "%°µ".unicodeScalars.contains(text[index]) else {
            index = after
            return .number(digits, unit: "")
        }
        let isTouching = index == after
        let start = index
        let unit = take { isLetter($0) || isDigit($0) || "%/°µ²³".unicodeScalars.contains($0) }
        // "8 in 1h", "3 and": a word of the language is no unit. "1 m/ x" divides.
        if !isTouching, SiteReader.reserved.contains(unit), SiteUnit.named(unit) == nil || isCall {
            index = after
            return .number(digits, unit: "")
        }
        if unit.hasSuffix("/") {
            index -= 1
            return .number(digits, unit: String(unit.dropLast()))
        }
        assert(start < index)
        return .number(digits, unit: unit)
    }

    private var isCall: Bool { index < text.count && text[index] == "(" }

    private mutating func take(while isPart: (Unicode.Scalar) -> Bool) -> String {
        var result = ""
        while index < text.count, isPart(text[index]) {
            result.unicodeScalars.append(text[index])
            index += 1
        }
        return result
    }
}

private func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.isASCII && isDigit(UInt8(scalar.value)) }
private func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar.isASCII && isLetter(UInt8(scalar.value)) }
