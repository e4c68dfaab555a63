import TapCore

/// Gives the names of an expression their meaning, and refuses what cannot be compared, added or asked.
struct Typer {
    let vocabulary: Vocabulary
    /// Over which integrals and changes go that name no time themselves; nil: each must.
    var window: Nanoseconds?

    func condition(_ syntax: Syntax) throws(ExpressionProblem) -> Condition {
        let typed = try typed(syntax)
        if case .condition(let condition) = typed { return condition }
        throw ExpressionProblem(
            at: syntax.at, what: "\(text(syntax)) is \(typed.noun)", why: "where something true or false is expected",
            fix: try remedy(typed, syntax))
    }

    private func remedy(_ typed: Typed, _ syntax: Syntax) throws(ExpressionProblem) -> String {
        switch typed {
        case .speech(let name, let words): return "write '\(name) == \(words.first ?? "auto")'"
        case .source(let name): return "write '\(name) silent', or one of its tags"
        case .unknown(let name): throw unknown(name, syntax.at)
        case .condition, .measure:
            var subject = "X"
            if case .name(let name) = syntax.form { subject = printable(name, longest: 40) }
            return "compare it, as \(subject) > \(example(typed))"
        }
    }

    private func example(_ typed: Typed) -> String {
        if case .measure(_, let dimension) = typed, dimension != .number { return "1 \(dimension.unit)" }
        return "1"
    }

    func measure(_ syntax: Syntax) throws(ExpressionProblem) -> (Measure, Dimension) {
        let typed = try typed(syntax)
        switch typed {
        case .measure(let measure, let dimension): return (measure, dimension)
        case .condition(.line(let name)):
            if let window, let each = vocabulary.signals[name]?.each {
                return (.counted(name, over: window), each.dimension)
            }
        case .unknown(let name): throw unknown(name, syntax.at)
        case .condition, .speech, .source: break
        }
        throw ExpressionProblem(
            at: syntax.at, what: "\(text(syntax)) is \(typed.noun)", why: "where a quantity is expected",
            fix: "write a channel, a number's tag or a quantity as 3.6 m")
    }

    func typed(_ syntax: Syntax) throws(ExpressionProblem) -> Typed {
        switch syntax.form {
        case .quantity(let quantity): return .measure(.quantity(quantity), quantity.dimension)
        case .name(let name): return vocabulary.meaning(of: name) ?? .unknown(name)
        case .not(let inner): return .condition(.not(try condition(inner)))
        case .and(let parts): return .condition(.all(try conditions(parts)))
        case .or(let parts): return .condition(.any(try conditions(parts)))
        case .chain(let operands, let symbols): return .condition(try chain(operands, symbols))
        case .operation(let symbol, let left, let right): return try operation(symbol, left, right)
        case .power(let base, let exponent):
            let (measure, dimension) = try measure(base)
            return .measure(.power(measure, exponent), dimension.power(exponent))
        case .negative(let inner):
            let (measure, dimension) = try difference(inner)
            return .measure(.negative(measure), dimension)
        case .held(let inner, let time): return .condition(.holds(try condition(inner), for: time))
        case .steady(let inner, let time): return .condition(try steady(inner, time))
        case .jumps(let inner): return .condition(try jumps(inner))
        case .failed(let inner): return .condition(try failed(inner))
        case .silent(let inner):
            if case .source(let name) = try typed(inner) { return .condition(.silent(name)) }
            throw ExpressionProblem(
                at: inner.at, what: "\(text(inner)) is no source of claims", why: "and only one can be silent",
                fix: guess(text(inner), in: vocabulary.sources.sorted())
                    ?? "write the name of one that stands under claims")
        case .call(let name, let arguments, let window): return try call(name, arguments, window, syntax.at)
        case .temporal(let name, let window, let operands): return .condition(try temporal(name, window, operands))
        }
    }

    private func conditions(_ parts: [Syntax]) throws(ExpressionProblem) -> [Condition] {
        var result: [Condition] = []
        for part in parts { result.append(try condition(part)) }
        return result
    }

    private func unknown(_ name: String, _ at: Int) -> ExpressionProblem {
        ExpressionProblem(at: at, what: "\(quoted(name)) is not known", fix: vocabulary.remedy(for: name))
    }

    /// As it would be written, as far as a message needs it.
    private func text(_ syntax: Syntax) -> String {
        switch syntax.form {
        case .quantity(let quantity): quantity.text
        case .name(let name): quoted(name)
        default: "this"
        }
    }

    private func chain(_ operands: [Syntax], _ symbols: [String]) throws(ExpressionProblem) -> Condition {
        if symbols[0] == "==" || symbols[0] == "!=" {
            let same = try equality(operands[0], operands[1])
            return symbols[0] == "==" ? same : .not(same)
        }
        var parts: [Condition] = []
        for (index, symbol) in symbols.enumerated() {
            guard let relation = Relation(rawValue: symbol) else { continue }
            let (left, of) = try measure(operands[index])
            let (right, other) = try measure(operands[index + 1])
            try fit(of, other, operands[index + 1], verb: "compared with")
            parts.append(.compare(left, relation, right))
        }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private func equality(_ left: Syntax, _ right: Syntax) throws(ExpressionProblem) -> Condition {
        switch (try typed(left), try typed(right)) {
        case (.speech(let name, let words), .unknown(let word)): return try says(name, words, word, right.at)
        case (.unknown(let word), .speech(let name, let words)): return try says(name, words, word, left.at)
        case (.unknown(let name), _): throw unknown(name, left.at)
        case (_, .unknown(let name)): throw unknown(name, right.at)
        case (.condition(let first), .condition(let second)): return .same(first, second)
        case (.measure, .measure):
            throw ExpressionProblem(
                at: left.at, what: "two quantities are compared with ==", why: "which measured ones never are",
                fix: "write a range, as 1.9 m < LT1 < 2.1 m")
        case (.speech(let name, let words), let other), (let other, .speech(let name, let words)):
            throw ExpressionProblem(
                at: right.at, what: "\(name) is compared with what is \(other.noun)",
                fix: "write one of its words: \(words.joined(separator: ", "))")
        case (let first, let second):
            throw ExpressionProblem(
                at: left.at, what: "what is \(first.noun) is compared with what is \(second.noun)",
                fix: "compare like with like")
        }
    }

    private func says(
        _ name: TagName, _ words: [String], _ word: String, _ at: Int
    ) throws(ExpressionProblem) -> Condition {
        guard words.contains(word) else {
            throw ExpressionProblem(
                at: at, what: "\(name) is never \(quoted(word))",
                fix: guess(word, in: words) ?? "write one of \(words.joined(separator: ", "))")
        }
        return .says(name, word: word)
    }

    private func fit(
        _ first: Dimension, _ second: Dimension, _ at: Syntax, verb: String
    ) throws(ExpressionProblem) {
        guard first != second else { return }
        let fix =
            second == .number
            ? "write the unit, as \(first.unit.isEmpty ? "m" : first.unit)"
            : first == .number ? "write both in one unit" : "write it in \(first.unit) or the like"
        throw ExpressionProblem(
            at: at.at, what: "\(first.words) is \(verb) \(second.words)", why: "whose units cannot agree", fix: fix)
    }

    /// What may be added, doubled or turned round: no temperature on a scale whose zero is arbitrary.
    private func difference(_ syntax: Syntax) throws(ExpressionProblem) -> (Measure, Dimension) {
        if case .quantity(let quantity) = syntax.form, quantity.isCelsius {
            throw ExpressionProblem(
                at: syntax.at, what: "\(quantity.text) is a temperature",
                why: "and only differences can be calculated with",
                fix: "write it in K")
        }
        return try measure(syntax)
    }

    private func operation(_ symbol: String, _ left: Syntax, _ right: Syntax) throws(ExpressionProblem) -> Typed {
        let (first, of) = try difference(left)
        let (second, other) = try difference(right)
        switch symbol {
        case "*": return .measure(.product(first, second), of * other)
        case "/":
            if case .quantity(let divisor) = second, divisor.value == 0 {
                throw ExpressionProblem(at: right.at, what: "a division by zero", fix: "write another divisor")
            }
            return .measure(.quotient(first, second), of / other)
        default:
            try fit(of, other, right, verb: symbol == "+" ? "added to" : "less")
            return .measure(symbol == "+" ? .sum(first, second) : .difference(first, second), of)
        }
    }

    private func steady(_ inner: Syntax, _ time: Nanoseconds) throws(ExpressionProblem) -> Condition {
        let (measure, _) = try measure(inner)
        // What is claimed has no noise: it stays the same to the last digit.
        if case .tag = measure { return .steady(measure, by: 0, over: time) }
        guard case .channel(let name) = measure, let signal = vocabulary.signals[name], signal.accuracy > 0 else {
            throw ExpressionProblem(
                at: inner.at, what: "\(text(inner)) cannot be steady",
                why: "which is to change by no more than its accuracy, and none is said",
                fix: "write a tag, or a channel and its 'accuracy' under signals")
        }
        return .steady(measure, by: signal.accuracy, over: time)
    }

    private func jumps(_ inner: Syntax) throws(ExpressionProblem) -> Condition {
        guard case .name(let name) = inner.form, let signal = vocabulary.signals[name], signal.fastest != nil else {
            throw ExpressionProblem(
                at: inner.at, what: "\(text(inner)) cannot jump",
                why: "which is to change faster than is plausible, and that is not said",
                fix: "write a channel, and its 'fastest' under signals, as 20 mm/s")
        }
        return .jumps(name)
    }

    private func failed(_ inner: Syntax) throws(ExpressionProblem) -> Condition {
        guard case .name(let name) = inner.form, let signal = vocabulary.signals[name], signal.trusted != nil else {
            throw ExpressionProblem(
                at: inner.at, what: "\(text(inner)) signals no failure",
                why: "which a transmitter does by a current beyond those of measurement",
                fix: "write a channel with a loop of 4 to 20 mA, or with 'trusted'")
        }
        return .failed(name)
    }

    private func call(
        _ name: String, _ arguments: [Syntax], _ window: Nanoseconds?, _ at: Int
    ) throws(ExpressionProblem) -> Typed {
        switch name {
        case "max", "min":
            var measures: [Measure] = []
            let (first, dimension) = try measure(arguments[0])
            measures.append(first)
            for argument in arguments.dropFirst() {
                let (next, other) = try measure(argument)
                try fit(dimension, other, argument, verb: "beside")
                measures.append(next)
            }
            return .measure(name == "max" ? .greatest(measures) : .least(measures), dimension)
        case "abs":
            let (inner, dimension) = try difference(arguments[0])
            return .measure(.magnitude(inner), dimension)
        case "integral", "change", "count":
            guard let over = window ?? self.window, over > .zero else {
                throw ExpressionProblem(
                    at: at, what: "\(name) does not say over how long", fix: "write it as \(name)(..., 5min)")
            }
            if name == "count" { return .measure(.starts(try condition(arguments[0]), over: over), .number) }
            let (inner, dimension) = try measure(arguments[0])
            return name == "change"
                ? .measure(.change(inner, over: over), dimension)
                : .measure(.integral(inner, over: over), dimension * .time)
        default:
            throw ExpressionProblem(
                at: at, what: "there is no function \(quoted(name))",
                fix: guess(name, in: ["max", "min", "abs", "integral", "change", "count"])
                    ?? "functions are max, min, abs, integral, change, count")
        }
    }

    private func temporal(
        _ name: String, _ window: Condition.Window, _ operands: [Syntax]
    ) throws(ExpressionProblem) -> Condition {
        let first = try condition(operands[0])
        switch name {
        case "once": return .once(first, window)
        case "historically": return .historically(first, window)
        case "eventually": return .eventually(first, window)
        case "always": return .always(first, window)
        default: return .since(first, try condition(operands[operands.count - 1]), window)
        }
    }
}
