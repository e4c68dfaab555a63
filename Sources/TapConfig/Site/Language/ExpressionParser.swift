import TapCore

/// Reads an expression. From loose to tight: `or`, `and`, `for`, `not`, comparison, `+ -`, `* /`, `-`, `^`, and what
/// stands behind a value (`steady`, `jumps`, `failed`, `silent`).
struct ExpressionParser {
    private var tokens: [Token]
    private var index = 0
    private var depth = 0

    static func parse(_ text: String) throws(ExpressionProblem) -> Syntax {
        var parser = ExpressionParser(tokens: try Lexer.tokens(of: text))
        let syntax = try parser.either()
        guard parser.peek.kind == .end else {
            throw ExpressionProblem(
                at: parser.peek.at, what: "\(quoted(parser.peek.text)) is not expected here",
                fix: "write an operator before it, as 'and', or delete it")
        }
        return syntax
    }

    private init(tokens: [Token]) { self.tokens = tokens }

    private var peek: Token { tokens[min(index, tokens.count - 1)] }

    private mutating func takes(_ name: String) -> Bool {
        guard peek.kind == .name(name) else { return false }
        index += 1
        return true
    }

    private mutating func takes(symbol: String) -> Bool {
        guard peek.kind == .symbol(symbol) else { return false }
        index += 1
        return true
    }

    private mutating func either() throws(ExpressionProblem) -> Syntax {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 40 else {
            throw ExpressionProblem(
                at: peek.at, what: "parentheses are nested too deep", fix: "give parts a name under 'words'")
        }
        return try joined("or") { parser throws(ExpressionProblem) in
            try parser.joined("and") { parser throws(ExpressionProblem) in try parser.held() }
        }
    }

    private mutating func joined(
        _ word: String, _ operand: (inout Self) throws(ExpressionProblem) -> Syntax
    ) throws(ExpressionProblem) -> Syntax {
        let first = try operand(&self)
        var operands = [first]
        while takes(word) { operands.append(try operand(&self)) }
        guard operands.count > 1 else { return first }
        for case let operand in operands where isOpen(operand) {
            throw ExpressionProblem(
                at: operand.at, what: "'for' beside '\(word)' can be read in two ways",
                fix: "put parentheses around what is meant to last, and around the whole: ((a \(word) b) for 2s)")
        }
        return Syntax(at: first.at, form: word == "or" ? .or(operands) : .and(operands))
    }

    private func isOpen(_ syntax: Syntax) -> Bool {
        if syntax.isClosed { return false }
        if case .held = syntax.form { return true }
        return false
    }

    private mutating func held() throws(ExpressionProblem) -> Syntax {
        let syntax = try negated()
        guard takes("for") else { return syntax }
        return Syntax(at: syntax.at, form: .held(syntax, try time("for")))
    }

    private mutating func negated() throws(ExpressionProblem) -> Syntax {
        let at = peek.at
        guard takes("not") else { return try comparison() }
        depth += 1
        defer { depth -= 1 }
        guard depth <= 40 else {
            throw ExpressionProblem(at: at, what: "'not' stands too often", fix: "write it once or not at all")
        }
        return Syntax(at: at, form: .not(try negated()))
    }

    private mutating func comparison() throws(ExpressionProblem) -> Syntax {
        let first = try sum()
        var operands = [first]
        var symbols: [String] = []
        while case .symbol(let symbol) = peek.kind, ["<", "<=", ">", ">=", "==", "!="].contains(symbol) {
            if let last = symbols.last, last.first != symbol.first || "=!".contains(symbol.prefix(1)) {
                throw ExpressionProblem(
                    at: peek.at, what: "'\(symbol)' after '\(last)' in one comparison",
                    fix: "write both with 'and', or one direction as 14 A < P1_I < 25 A")
            }
            index += 1
            symbols.append(symbol)
            operands.append(try sum())
        }
        return symbols.isEmpty ? first : Syntax(at: first.at, form: .chain(operands, symbols))
    }

    private mutating func sum() throws(ExpressionProblem) -> Syntax {
        var left = try term()
        while case .symbol(let symbol) = peek.kind, symbol == "+" || symbol == "-" {
            index += 1
            left = Syntax(at: left.at, form: .operation(symbol, left, try term()))
        }
        return left
    }

    private mutating func term() throws(ExpressionProblem) -> Syntax {
        var left = try signed()
        while case .symbol(let symbol) = peek.kind, symbol == "*" || symbol == "/" {
            index += 1
            left = Syntax(at: left.at, form: .operation(symbol, left, try signed()))
        }
        return left
    }

    private mutating func signed() throws(ExpressionProblem) -> Syntax {
        let at = peek.at
        guard takes(symbol: "-") else { return try power() }
        if case .number(let digits, let unit) = peek.kind {
            index += 1
            return try raised(Syntax(at: at, form: .quantity(try quantity("-" + digits, unit, at))))
        }
        return Syntax(at: at, form: .negative(try power()))
    }

    private mutating func power() throws(ExpressionProblem) -> Syntax { try raised(try behind()) }

    private mutating func raised(_ base: Syntax) throws(ExpressionProblem) -> Syntax {
        guard takes(symbol: "^") else { return base }
        guard case .number(let digits, "") = peek.kind, let exponent = Int(digits), (2...4).contains(exponent) else {
            throw ExpressionProblem(at: peek.at, what: "^ is not followed by 2, 3 or 4", fix: "write for example ^2")
        }
        index += 1
        return Syntax(at: base.at, form: .power(base, exponent))
    }

    private mutating func behind() throws(ExpressionProblem) -> Syntax {
        let value = try primary()
        if takes("steady") { return Syntax(at: value.at, form: .steady(value, try time("steady"))) }
        if takes("jumps") { return Syntax(at: value.at, form: .jumps(value)) }
        if takes("failed") { return Syntax(at: value.at, form: .failed(value)) }
        if takes("silent") { return Syntax(at: value.at, form: .silent(value)) }
        return value
    }

    private mutating func primary() throws(ExpressionProblem) -> Syntax {
        let token = peek
        index += 1
        switch token.kind {
        case .number(let digits, let unit):
            return Syntax(at: token.at, form: .quantity(try quantity(digits, unit, token.at)))
        case .symbol("("):
            var inner = try either()
            try close(")", opened: token)
            inner.isClosed = true
            return inner
        case .name(let name):
            if ["once", "historically", "eventually", "always", "since"].contains(name) {
                return try temporal(name, token)
            }
            guard takes(symbol: "(") else {
                if SiteReader.reserved.contains(name), name != "true", name != "false" { break }
                return Syntax(at: token.at, form: .name(name))
            }
            return try call(name, token)
        case .symbol, .end: break
        }
        index -= 1
        throw ExpressionProblem(
            at: token.at,
            what: token.kind == .end ? "the expression ends too early" : "\(quoted(token.text)) is not expected here",
            fix: "write a name, a quantity as 3.6 m, or an expression in parentheses")
    }

    private mutating func close(_ symbol: String, opened: Token) throws(ExpressionProblem) {
        guard takes(symbol: symbol) else {
            throw ExpressionProblem(
                at: opened.at, what: "'\(opened.text)' is not closed", fix: "write the '\(symbol)' that belongs to it")
        }
    }

    private mutating func call(_ name: String, _ token: Token) throws(ExpressionProblem) -> Syntax {
        var arguments = [try either()]
        var window: Nanoseconds?
        let isWindowed = ["integral", "change", "count"].contains(name)
        while takes(symbol: ",") {
            if isWindowed { window = try time(name) } else { arguments.append(try either()) }
        }
        try close(")", opened: token)
        return Syntax(at: token.at, form: .call(name, arguments, window: window), isClosed: true)
    }

    /// `once[0s, 5s](a)`, `since[0s, 5s](a, b)`.
    private mutating func temporal(_ name: String, _ token: Token) throws(ExpressionProblem) -> Syntax {
        let form = "\(name)[0s, 5s](" + (name == "since" ? "a, b)" : "a)")
        guard takes(symbol: "[") else {
            throw ExpressionProblem(at: token.at, what: "\(name) has no window", fix: "write it as \(form)")
        }
        let from = try time(name)
        guard takes(symbol: ",") else {
            throw ExpressionProblem(at: peek.at, what: "the window of \(name) has no end", fix: "write it as \(form)")
        }
        let at = peek.at
        let to = try time(name)
        guard from <= to else {
            throw ExpressionProblem(
                at: at, what: "the window of \(name) has a negative length", fix: "write the earlier time first")
        }
        try close("]", opened: token)
        guard takes(symbol: "(") else {
            throw ExpressionProblem(at: peek.at, what: "\(name) is of nothing", fix: "write it as \(form)")
        }
        var operands = [try either()]
        if name == "since", takes(symbol: ",") { operands.append(try either()) }
        try close(")", opened: token)
        guard operands.count == (name == "since" ? 2 : 1) else {
            throw ExpressionProblem(at: token.at, what: "since needs two expressions", fix: "write it as \(form)")
        }
        return Syntax(
            at: token.at, form: .temporal(name, Condition.Window(from: from, to: to), operands), isClosed: true)
    }

    private func quantity(_ digits: String, _ unit: String, _ at: Int) throws(ExpressionProblem) -> Quantity {
        do throws(Quantity.Problem) { return try Quantity(number: digits, unit: unit) } catch {
            let text = unit.isEmpty ? digits : "\(digits) \(unit)"
            let (what, fix) = error.words(text, example: "3.6 m")
            throw ExpressionProblem(at: at, what: what, fix: fix)
        }
    }

    /// A time of at most a year, exact to the nanosecond.
    private mutating func time(_ word: String) throws(ExpressionProblem) -> Nanoseconds {
        let token = peek
        if takes(symbol: "-") {
            throw ExpressionProblem(
                at: token.at, what: "the time of '\(word)' is negative",
                fix: "write a time from now on backwards, as 10s")
        }
        guard case .number(let digits, let unit) = token.kind else {
            throw ExpressionProblem(
                at: token.at, what: "'\(word)' is not followed by a time", fix: "write for example \(word) 10s")
        }
        index += 1
        if unit == "m" {
            throw ExpressionProblem(
                at: token.at, what: "\(digits) m is a length in metres, where a time is expected",
                fix: "write \(digits)min for minutes")
        }
        do throws(DurationText.Problem) { return try DurationText.read(digits + unit) } catch {
            throw ExpressionProblem(
                at: token.at, what: "\(quoted(token.text)) is no time that '\(word)' can have",
                fix: "write a number with ns, us, ms, s, min, h or d, at most 365d")
        }
    }
}
