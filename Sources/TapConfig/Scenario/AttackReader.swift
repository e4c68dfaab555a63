import TapCore

/// Makes attacks on a plant of what stands under `attacks`.
struct AttackReader: DocumentReader {
    let mistakes: MistakeList
    /// What the plant knows.
    let kinds: [AttackKind]

    private enum Forced: String, CaseIterable { case on, off }

    /// One item of `attacks`; nil: a mistake.
    func attack(_ node: Node) -> Attack? {
        guard let example = kinds.first else {
            mistakes.add(node.position, "an attack on a plant that knows none", fix: "delete it, or add 'line: NAME'")
            return nil
        }
        let spans = kinds.compactMap(\.span?.key)
        let known = ["aim", "variant", "from", "for", "to", "target", "value", "strength"] + spans
        guard let fields = fields(node, of: "an attack", known: known) else { return nil }
        require(
            [
                ("aim", "aim: \(example.aim.rawValue)"), ("variant", "variant: \(example.name)"), ("from", "from: 1h"),
            ], in: fields)
        let from = duration("from", fields, mayBeZero: true)
        let to = end(fields, from)
        let aim = choice("aim", fields, Attack.Aim.allCases)
        guard let kind = kind(fields, aim) else { return nil }
        let target = target(fields, kind)
        var value = false
        if kind.hasValue {
            value = choice("value", fields, Forced.allCases) == .on
            require([("value", "value: off")], in: fields)
        } else {
            refuse(["value"], in: fields, because: "because \(kind.name) forces nothing")
        }
        let strength = strength(fields, kind)
        refuse(
            spans.filter { $0 != kind.span?.key }, in: fields, because: "because \(kind.name) has no such time")
        let span = kind.span.flatMap { duration($0.key, fields, within: $0.range) }
        guard let from else { return nil }
        if let own = kind.span, own.isBefore, from < span ?? own.usual {
            let recorded = DurationText.exact(span ?? own.usual)
            mistakes.add(
                fields.position(of: "from"),
                "from \(DurationText.exact(from)) is earlier than what is replayed could be recorded",
                "which takes \(recorded)", fix: "write 'from: \(recorded)' or later, or a shorter \(own.key)")
        }
        return Attack(
            kind, from: from, to: to, target: target, value: value, strength: strength, span: span)
    }

    private func kind(_ fields: Fields, _ aim: Attack.Aim?) -> AttackKind? {
        let fitting = kinds.filter { $0.aim == aim }.map(\.name)
        let variants = fitting.isEmpty ? kinds.map(\.name) : fitting
        let names = alternatives(variants)
        guard let node = fields["variant"],
            let (text, _) = scalar(node, "variant", meant: "one of \(names)", example: variants[0])
        else { return nil }
        guard let kind = kinds.first(where: { $0.name == text }) else {
            let near = probableName(for: text, in: variants)
            mistakes.add(
                node.position, "variant \(quoted(text)) is not known",
                fix: near.map { "did you mean '\($0)'?" } ?? "write \(names)")
            return nil
        }
        if let aim, kind.aim != aim {
            mistakes.add(
                node.position, "variant \(text) is not one of aim \(aim.rawValue)", "but of \(kind.aim.rawValue)",
                fix: fitting.isEmpty
                    ? "write aim: \(kind.aim.rawValue)" : "write \(names), or aim: \(kind.aim.rawValue)")
        }
        return kind
    }

    private func target(_ fields: Fields, _ kind: AttackKind) -> String? {
        let targets = kind.targets
        guard !targets.isEmpty else {
            refuse(["target"], in: fields, because: "because \(kind.name) acts on all at once")
            return nil
        }
        if targets.count > 1 { require([("target", "target: \(targets[0])")], in: fields) }
        guard let node = fields["target"],
            let (text, _) = scalar(node, "target", meant: "a name", example: targets[0])
        else { return nil }
        guard targets.contains(text) else {
            let near = probableName(for: text, in: targets)
            mistakes.add(
                node.position, "\(kind.name) has no target \(quoted(text))",
                fix: near.map { "did you mean '\($0)'?" } ?? "write \(alternatives(targets))")
            return nil
        }
        return text
    }

    private func strength(_ fields: Fields, _ kind: AttackKind) -> Double? {
        guard let own = kind.strength else {
            refuse(["strength"], in: fields, because: "because \(kind.name) has none")
            return nil
        }
        return number(
            "strength", fields, in: own.range,
            bounds: "from \(plain(own.range.lowerBound)) to \(plain(own.range.upperBound))",
            example: plain(own.usual))
    }
}
