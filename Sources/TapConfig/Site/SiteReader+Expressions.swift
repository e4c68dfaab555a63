import TapCore

extension SiteReader {
    /// What is true or false; nil: there is none, or a mistake.
    func condition(_ key: String, _ fields: Fields) -> Condition? {
        fields[key].flatMap { condition($0, key) }
    }

    func condition(_ node: Node, _ key: String) -> Condition? {
        expression(node, key, example: "P1_FB and not P1_CMD") { syntax throws(ExpressionProblem) in
            try Typer(vocabulary: vocabulary).condition(syntax)
        }
    }

    func measure(_ key: String, _ fields: Fields, window: Nanoseconds? = nil) -> (Measure, Dimension)? {
        guard let node = fields[key] else { return nil }
        return expression(node, key, example: "LT1") { syntax throws(ExpressionProblem) in
            try Typer(vocabulary: vocabulary, window: window).measure(syntax)
        }
    }

    /// Either, as its names are.
    func typed(_ node: Node, _ key: String) -> Typed? {
        expression(node, key, example: "LT1 > 2 m") { syntax throws(ExpressionProblem) in
            let typer = Typer(vocabulary: vocabulary)
            let typed = try typer.typed(syntax)
            switch typed {
            case .condition, .measure: return typed
            // Which says what is wrong with it.
            case .speech, .source, .unknown: return .condition(try typer.condition(syntax))
            }
        }
    }

    private func expression<Value>(
        _ node: Node, _ key: String, example: String, _ make: (Syntax) throws(ExpressionProblem) -> Value
    ) -> Value? {
        guard let (text, isPlain) = scalar(node, key, meant: "an expression", example: example) else { return nil }
        if isPlain, ["on", "off", "yes", "no"].contains(text.lowercased()) {
            mistakes.add(
                node.position, "\(key) is \(printable(text))", "which many programs read as true or false",
                fix: "write true, false, or the name of a signal")
            return nil
        }
        guard text.utf8.count <= 2_000 else {
            mistakes.add(node.position, "\(key) is longer than 2000 bytes", fix: "give parts a name under 'words'")
            return nil
        }
        do throws(ExpressionProblem) { return try make(ExpressionParser.parse(text)) } catch {
            mistakes.add(
                source.place(of: error.at, in: text, from: node.position), "\(key): \(error.what)", error.why,
                fix: error.fix)
            return nil
        }
    }

    /// What stands under `words`; each may use those above it.
    mutating func words(_ fields: Fields) {
        let entries = entries("words", fields, .siteTerm, form: "running: P1_FB or P2_FB")
        vocabulary.later = Set(entries.compactMap { if case .scalar(let name, _) = $0.key.value { name } else { nil } })
        for (key, node) in entries {
            guard case .scalar(let name, _) = key.value, declare(name, "word", key.position) else { continue }
            let meaning = typed(node, name)
            vocabulary.later.remove(name)
            switch meaning {
            case .condition(let condition):
                site.words.append(SiteWord(name: name, meaning: .condition(condition)))
            case .measure(let measure, let dimension):
                site.words.append(SiteWord(name: name, meaning: .measure(measure, dimension)))
            // A mistake is in the word: what uses it is not to blame.
            default: break
            }
            vocabulary.words[name] = meaning ?? .condition(.constant(false))
        }
    }
}
