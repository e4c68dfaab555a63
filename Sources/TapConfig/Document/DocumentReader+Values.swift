import TapCore

extension DocumentReader {
    /// The text at `key`; nil: there is none, or a mistake.
    package func text(_ key: String, _ fields: Fields, _ rule: TextRule) -> String? {
        fields[key].flatMap { text($0, key, rule) }
    }

    /// A list of texts; empty where there is none.
    package func texts(
        _ key: String, _ fields: Fields, _ rule: TextRule, atLeastOne: Bool = false, unique: Bool = false
    ) -> [String] {
        var firsts: [String: FilePosition] = [:]
        var result: [String] = []
        for node in list(key, fields, form: "- \"\(rule.example)\"", atLeastOne: atLeastOne) {
            guard let item = text(node, "an item of \(key)", rule) else { continue }
            if unique, let first = firsts[item] {
                mistakes.add(
                    node.position, "\(quoted(item)) is given twice in \(key)", "first at \(first.inFile)",
                    fix: "delete one of the two")
            }
            firsts[item] = node.position
            result.append(item)
        }
        return result
    }

    package func text(_ node: Node, _ key: String, _ rule: TextRule) -> String? {
        guard let (text, isPlain) = scalar(node, key, meant: "text", example: rule.example) else { return nil }
        if text.isEmpty {
            mistakes.add(node.position, "\(key) is empty", fix: "write for example \(rule.example), or delete the key")
            return nil
        }
        if isPlain, looksLikeNumber(text) {
            mistakes.add(node.position, "\(key) is \(node.kind), where text is expected", fix: "write \"\(text)\"")
            return nil
        }
        if isPlain, looksLikeBoolean(text) {
            mistakes.add(
                node.position, "\(key) is \(text)", "which many programs read as true or false",
                fix: "write \"\(text)\"")
            return nil
        }
        let offender = text.unicodeScalars.first { isDangerous($0) && !(rule.mayHaveLines && $0 == "\n") }
        if let offender {
            let name = offender == "\n" ? "a line break" : "an invisible character"
            mistakes.add(node.position, "\(key) has \(name) in it", fix: "write it without")
            return nil
        }
        let length = text.unicodeScalars.count
        guard length <= rule.longest else {
            mistakes.add(
                node.position, "\(key) has \(length) characters", "where \(rule.longest) are the maximum",
                fix: "write a shorter one")
            return nil
        }
        guard rule.isMet(by: text) else {
            mistakes.add(
                node.position, "\(key) \(quoted(text)) is no \(rule.name)", "which is \(rule.form)",
                fix: "write for example \(rule.example)")
            return nil
        }
        return text
    }

    /// The scalar at `node`; anything else, and no value, is a mistake.
    package func scalar(
        _ node: Node, _ key: String, meant: String, example: String
    ) -> (text: String, isPlain: Bool)? {
        switch node.value {
        case .refused: return nil
        case .scalar(let text, let isPlain):
            guard isPlain, isNull(text) else { return (text, isPlain) }
            mistakes.add(node.position, "\(key) has no value", fix: "write for example \(example), or delete the key")
        case .list, .map:
            mistakes.add(
                node.position, "\(key) is \(node.kind), where \(meant) is expected", fix: "write for example \(example)"
            )
        }
        return nil
    }

    /// A value of a few that are allowed.
    package func choice<Value: RawRepresentable<String>>(
        _ key: String, _ fields: Fields, _ allowed: [Value]
    ) -> Value? {
        choice(key, fields, allowed.map(\.rawValue)).flatMap { Value(rawValue: $0) }
    }

    /// One of a few names, of which there is at least one.
    package func choice(_ key: String, _ fields: Fields, _ allowed: [String]) -> String? {
        let names = alternatives(allowed)
        guard let node = fields[key],
            let (text, _) = scalar(node, key, meant: "one of \(names)", example: allowed[0])
        else { return nil }
        if allowed.contains(text) { return text }
        mistakes.add(node.position, "\(key) \(quoted(text)) is not known", fix: "write \(names)")
        return nil
    }

    package func boolean(_ key: String, _ fields: Fields) -> Bool? {
        guard let node = fields[key],
            let (text, isPlain) = scalar(node, key, meant: "true or false", example: "true")
        else { return nil }
        if isPlain, text == "true" { return true }
        if isPlain, text == "false" { return false }
        let why = isPlain ? "" : " in quotes"
        mistakes.add(
            node.position, "\(key) is \(node.kind)\(why), where true or false is expected", fix: "write true or false")
        return nil
    }

    package func integer(
        _ key: String, _ fields: Fields, in range: ClosedRange<Int>, example: String
    ) -> Int? {
        guard let node = fields[key], let value = integer(node, key, example: example) else { return nil }
        guard range.contains(value) else {
            let fix = "write \(range.lowerBound)" + (range.upperBound == .max ? " or more" : " to \(range.upperBound)")
            mistakes.add(node.position, "\(key) \(value) is out of range", fix: fix)
            return nil
        }
        return value
    }

    /// A whole number in decimal digits.
    package func integer(_ node: Node, _ key: String, example: String) -> Int? {
        guard let (text, isPlain) = scalar(node, key, meant: "a whole number", example: example) else { return nil }
        let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : Substring(text)
        guard isDigits(digits) else {
            mistakes.add(
                node.position, "\(key) is \(node.kind), where a whole number is expected",
                fix: "write for example \(example)")
            return nil
        }
        guard isPlain else { return unquoted(node, key, text) }
        if digits.utf8.count > 1, digits.hasPrefix("0") {
            let decimal = digits.drop { $0 == "0" }
            mistakes.add(
                node.position, "\(key) \(printable(text, longest: 40)) begins with 0",
                "which many programs read as octal", fix: "write \(printable(decimal.isEmpty ? "0" : String(decimal)))")
            return nil
        }
        guard let value = Int(text) else {
            mistakes.add(
                node.position, "\(key) \(printable(text, longest: 40)) is out of range",
                fix: "write for example \(example)")
            return nil
        }
        return value
    }

    /// A decimal number within `range`.
    ///
    /// - Parameter bounds: the range in words.
    package func number(
        _ key: String, _ fields: Fields, in range: ClosedRange<Double>, bounds: String, example: String
    ) -> Double? {
        fields[key].flatMap { number($0, key, in: range, bounds: bounds, example: example) }
    }

    package func number(
        _ node: Node, _ key: String, in range: ClosedRange<Double>, bounds: String, example: String
    ) -> Double? {
        guard let (text, isPlain) = scalar(node, key, meant: "a number", example: example) else { return nil }
        let body = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : Substring(text)
        guard isDecimal(body), let value = Double(text) else {
            mistakes.add(
                node.position, "\(key) is \(node.kind), where a number is expected", fix: "write for example \(example)"
            )
            return nil
        }
        guard isPlain else { return unquoted(node, key, text) }
        guard range.contains(value) else {
            mistakes.add(
                node.position, "\(key) \(printable(text, longest: 40)) is out of range", fix: "write a number \(bounds)"
            )
            return nil
        }
        return value
    }

    private func unquoted<Value>(_ node: Node, _ key: String, _ text: String) -> Value? {
        mistakes.add(
            node.position, "\(key) is text in quotes, where a number is expected",
            fix: "write \(printable(text, longest: 40)) without quotes")
        return nil
    }
}
