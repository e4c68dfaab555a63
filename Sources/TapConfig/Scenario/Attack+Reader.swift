import TapCore

extension Reader {
    /// What stands under `attacks` of a scenario with a pump station.
    mutating func attacks(_ fields: Fields) -> [Attack] {
        list(
            "attacks", fields,
            form: "- {aim: falsified-monitoring, variant: frozen, target: LEVEL, from: 1h, for: 20min}"
        )
        .compactMap { attack($0) }
    }

    private enum Forced: String, CaseIterable { case on, off }

    private mutating func attack(_ node: Node) -> Attack? {
        let spans = Attack.Variant.allCases.compactMap { $0.span?.key }
        let known = ["aim", "variant", "from", "for", "to", "target", "value", "strength"] + spans
        guard let fields = fields(node, of: "an attack", known: known) else { return nil }
        require(
            [("aim", "aim: modified-control"), ("variant", "variant: command-changed"), ("from", "from: 1h")],
            in: fields)
        let from = duration("from", fields, mayBeZero: true)
        let to = end(fields, from)
        let aim = choice("aim", fields, Attack.Aim.allCases)
        guard let variant = variant(fields, aim) else { return nil }
        let target = target(fields, variant)
        var value = false
        if variant.hasValue {
            value = choice("value", fields, Forced.allCases) == .on
            require([("value", "value: off")], in: fields)
        } else {
            refuse(["value"], in: fields, because: "because \(variant.rawValue) forces nothing")
        }
        let strength = strength(fields, variant)
        let span = span(fields, variant, spans)
        guard let from else { return nil }
        if variant == .replay, let recorded = span ?? variant.span?.usual, from < recorded {
            mistakes.add(
                fields.position(of: "from"), "from \(inWords(from)) is earlier than what is replayed could be recorded",
                "which takes \(inWords(recorded))",
                fix: "write 'from: \(inWords(recorded))' or later, or a shorter recorded")
        }
        return Attack(
            variant, from: from, to: to, target: target, value: value, strength: strength, span: span)
    }

    /// By `for` or `to`; nil: it does not end, or a mistake.
    private mutating func end(_ fields: Fields, _ from: Nanoseconds?) -> Nanoseconds? {
        let span = duration("for", fields)
        let to = duration("to", fields)
        if fields["for"] != nil, let position = fields.keyPosition("to") {
            mistakes.add(position, "key 'to' conflicts with 'for'", fix: "delete one of the two")
            return nil
        }
        if let to, let from, to <= from {
            mistakes.add(
                fields.position(of: "to"), "to \(inWords(to)) is not after from \(inWords(from))",
                fix: "write a later time")
            return nil
        }
        return to ?? span.flatMap { span in from.map { $0 + span } }
    }

    private mutating func variant(_ fields: Fields, _ aim: Attack.Aim?) -> Attack.Variant? {
        let variants = aim?.variants ?? Attack.Variant.allCases
        let names = alternatives(variants.map(\.rawValue))
        guard let node = fields["variant"],
            let (text, _) = scalar(node, "variant", meant: "one of \(names)", example: variants[0].rawValue)
        else { return nil }
        guard let variant = Attack.Variant(rawValue: text) else {
            let near = probableName(for: text, in: variants.map(\.rawValue))
            mistakes.add(
                node.position, "variant \(quoted(text)) is not known",
                fix: near.map { "did you mean '\($0)'?" } ?? "write \(names)")
            return nil
        }
        if let aim, variant.aim != aim {
            mistakes.add(
                node.position, "variant \(text) is not one of aim \(aim.rawValue)",
                "but of \(variant.aim.rawValue)", fix: "write \(names), or aim: \(variant.aim.rawValue)")
        }
        return variant
    }

    private mutating func target(_ fields: Fields, _ variant: Attack.Variant) -> String? {
        let targets = variant.targets
        guard !targets.isEmpty else {
            refuse(["target"], in: fields, because: "because \(variant.rawValue) acts on all at once")
            return nil
        }
        if targets.count > 1 { require([("target", "target: \(targets[0])")], in: fields) }
        guard let node = fields["target"],
            let (text, _) = scalar(node, "target", meant: "a name", example: targets[0])
        else { return nil }
        guard targets.contains(text) else {
            let near = probableName(for: text, in: targets)
            mistakes.add(
                node.position, "\(variant.rawValue) has no target \(quoted(text))",
                fix: near.map { "did you mean '\($0)'?" } ?? "write \(alternatives(targets))")
            return nil
        }
        return text
    }

    private mutating func strength(_ fields: Fields, _ variant: Attack.Variant) -> Double? {
        guard let (usual, range) = variant.strength else {
            refuse(["strength"], in: fields, because: "because \(variant.rawValue) has none")
            return nil
        }
        return number(
            "strength", fields, in: range,
            bounds: "from \(plain(range.lowerBound)) to \(plain(range.upperBound))", example: plain(usual))
    }

    private mutating func span(_ fields: Fields, _ variant: Attack.Variant, _ keys: [String]) -> Nanoseconds? {
        let own = variant.span
        refuse(
            keys.filter { $0 != own?.key }, in: fields, because: "because \(variant.rawValue) has no such time")
        return own.flatMap { duration($0.key, fields, within: $0.range) }
    }
}
