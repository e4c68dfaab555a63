import TapCore

extension SiteReader {
    private static let common = ["asset", "kind", "severity", "while", "settle", "proven-every", "clear"]
    /// By the key that says which kind of rule it is, those that go with it.
    private static let bodies: [(key: String, others: [String])] = [
        ("when", ["then", "within", "both-ways", "for-at-most"]), ("never", ["for"]), ("always", ["for"]),
        ("count", ["at-most"]), ("balance", ["against", "at-most", "over", "within"]),
        ("at-start-of", ["after", "needs", "in-turn"]), ("formula", []),
    ]

    mutating func rules(_ fields: Fields) {
        for (key, node) in entries("rules", fields, .siteEntry, form: "dry-run: {never: LSL and P1_FB, for: 2s}") {
            guard case .scalar(let name, _) = key.value, let rule = rule(name, node) else { continue }
            site.rules.append(rule)
        }
    }

    private func rule(_ name: String, _ node: Node) -> SiteRule? {
        let known = Self.common + Self.bodies.flatMap { [$0.key] + $0.others }
        guard let fields = fields(node, of: "rule \(name)", known: known) else { return nil }
        let present = Self.bodies.filter { fields[$0.key] != nil }
        guard present.count == 1, let kind = present.first else {
            let names = alternatives(Self.bodies.map(\.key))
            mistakes.add(
                present.count > 1 ? fields.keyPosition(present[1].key) ?? node.position : node.position,
                present.isEmpty
                    ? "rule \(name) does not say what must hold"
                    : "key '\(present[1].key)' conflicts with '\(present[0].key)'",
                fix: present.isEmpty ? "write one of \(names)" : "make two rules")
            return nil
        }
        let others = Set(Self.bodies.flatMap(\.others)).subtracting(kind.others).sorted()
        refuse(others, in: fields, because: "because it does not go with '\(kind.key)'")
        let guarding = condition("while", fields)
        if fields["while"] == nil { refuse(["settle"], in: fields, because: "because there is no 'while'") }
        let asset = asset(fields)
        let settle = time("settle", fields)
        let provenEvery = time("proven-every", fields)
        let clearing = clearing(fields)
        let severity = choice("severity", fields, SiteRule.Severity.allCases)
        let character = choice("kind", fields, SiteRule.Kind.allCases)
        if kind.key != "when", fields["while"] == nil {
            refuse(
                ["proven-every"], in: fields, because: "because nothing but 'when' or 'while' says when it is proven")
        }
        guard let body = body(kind.key, fields) else { return nil }
        var rule = SiteRule(name: name, asset: asset, guarding: guarding, body: body, provenEvery: provenEvery)
        rule.kind = character ?? .deviation
        rule.severity = severity ?? .medium
        rule.settle = settle ?? .zero
        rule.clearing = clearing
        return rule
    }

    private func body(_ key: String, _ fields: Fields) -> SiteRule.Body? {
        switch key {
        case "when": response(fields)
        case "never": condition("never", fields).map { .never($0, for: time("for", fields, mayBeZero: true) ?? .zero) }
        case "always":
            condition("always", fields).map { .always($0, for: time("for", fields, mayBeZero: true) ?? .zero) }
        case "count": counting(fields)
        case "balance": balance(fields)
        case "at-start-of": start(fields)
        default: condition("formula", fields).map { .formula($0) }
        }
    }

    private func response(_ fields: Fields) -> SiteRule.Body? {
        require([("then", "then: SIREN"), ("within", "within: 1s")], in: fields)
        let when = condition("when", fields)
        let then = condition("then", fields)
        let within = time("within", fields)
        let bothWays = boolean("both-ways", fields) ?? false
        let atMost = time("for-at-most", fields)
        if let within, let atMost, atMost <= within {
            mistakes.add(
                fields.position(of: "for-at-most"),
                "for-at-most \(DurationText.exact(atMost)) is not longer than within",
                "so the rule can never speak", fix: "write a longer time")
        }
        guard let when, let then, let within else { return nil }
        return .response(when: when, then: then, within: within, bothWays: bothWays, atMost: atMost)
    }

    private func counting(_ fields: Fields) -> SiteRule.Body? {
        require([("at-most", "at-most: 8 in 1h")], in: fields)
        let condition = condition("count", fields)
        var nodes: [Node] = []
        if let node = fields["at-most"] {
            if case .list(let items) = node.value { nodes = items } else { nodes = [node] }
        }
        let limits = nodes.compactMap { limit($0) }
        guard let condition, limits.count == nodes.count, !limits.isEmpty else { return nil }
        return .count(condition, limits)
    }

    /// `8 in 1h`
    private func limit(_ node: Node) -> SiteRule.Limit? {
        guard let (text, _) = scalar(node, "at-most", meant: "a limit", example: "8 in 1h") else { return nil }
        let parts = text.split(separator: " ")
        guard parts.count == 3, parts[1] == "in", isDigits(parts[0]), let count = Int(parts[0]), count <= 1_000_000
        else {
            mistakes.add(
                node.position, "at-most \(quoted(text)) is no limit", "which is a count, 'in' and a time",
                fix: "write for example 8 in 1h")
            return nil
        }
        let span = Node(position: node.position, value: .scalar(String(parts[2]), isPlain: true))
        return time(span, "the time of at-most").map { SiteRule.Limit(count: count, span: $0) }
    }

    private func balance(_ fields: Fields) -> SiteRule.Body? {
        require([("over", "over: 5min"), ("within", "within: 150 l")], in: fields)
        guard let over = time("over", fields) else { return nil }
        let isBound = fields["at-most"] != nil
        if isBound { refuse(["against"], in: fields, because: "because 'at-most' says what it is compared with") }
        if !isBound { require([("against", "against: FLOW_PULSE")], in: fields) }
        let first = measure("balance", fields, window: over)
        let key = isBound ? "at-most" : "against"
        let second = measure(key, fields, window: over)
        guard let first, let second else { return nil }
        guard first.1 == second.1 else {
            mistakes.add(
                fields.position(of: key), "balance: \(first.1.words) is compared with \(second.1.words)",
                "whose units cannot agree", fix: "compare like with like")
            return nil
        }
        var nodes = fields["within"].map { [$0] } ?? []
        if case .list(let items) = fields["within"]?.value { nodes = items }
        var (absolute, relative) = (0.0, 0.0)
        for node in nodes {
            guard let slack = slack(node, first.1) else { return nil }
            if slack.isShare { relative = slack.value } else { absolute = slack.value }
        }
        guard isBound else {
            return .balance(first.0, against: second.0, absolute: absolute, relative: relative, over: over)
        }
        if relative > 0 {
            mistakes.add(
                fields.position(of: "within"), "within is a share, and of what is not said", fix: "write a quantity")
        }
        return .bound(first.0, atMost: second.0, slack: absolute, over: over)
    }

    /// A share, or a constant expression of the dimension.
    private func slack(_ node: Node, _ dimension: Dimension) -> (value: Double, isShare: Bool)? {
        guard let (text, _) = scalar(node, "within", meant: "a quantity", example: "150 l") else { return nil }
        if text.hasSuffix("%"), let share = quantity(node, "within", example: "3 %") {
            return size(share, of: .number, "within", node.position).map { ($0, true) }
        }
        let owner = Fields(owner: "within", position: node.position, entries: ["within": .init(key: node, value: node)])
        guard let (measure, of) = self.measure("within", owner) else { return nil }
        guard of == dimension, let value = measure.constant, value >= 0 else {
            mistakes.add(
                node.position, "within is \(of.words)\(measure.constant == nil ? " that changes" : "")",
                "where a constant that is \(dimension.words) is expected",
                fix: "write it in \(dimension.unit.isEmpty ? "counts" : dimension.unit) or the like, not negative")
            return nil
        }
        return (value, false)
    }

    private func start(_ fields: Fields) -> SiteRule.Body? {
        let lines = texts("at-start-of", fields, .siteTerm, atLeastOne: true, unique: true)
        for (index, line) in lines.enumerated() where vocabulary.signals[line]?.isLine != true {
            mistakes.add(
                list("at-start-of", fields, form: "").dropFirst(index).first?.position ?? fields.position,
                "at-start-of \(quoted(line)) is no line",
                fix: guess(line, in: site.signals.filter(\.isLine).map(\.name)) ?? "write the names of lines")
        }
        let after = condition("after", fields)
        let needs = condition("needs", fields)
        let nodes = list("in-turn", fields, form: "- P1_usable", atLeastOne: true)
        let turns = nodes.compactMap { condition($0, "in-turn") }
        if !nodes.isEmpty, nodes.count != lines.count {
            mistakes.add(
                fields.position(of: "in-turn"),
                "in-turn has \(nodes.count) conditions for \(counted(lines.count, "line"))",
                fix: "write one for each line of at-start-of, as [P#_usable]")
        }
        if isMissing("needs", in: fields), isMissing("in-turn", in: fields) {
            mistakes.add(
                fields.position, "the rule does not say what a start needs",
                fix: "add 'needs: LT1 > 2 m' or 'in-turn: [P#_usable]'")
            return nil
        }
        guard turns.count == nodes.count, !lines.isEmpty else { return nil }
        return .start(of: lines, after: after, needs: needs, turns: turns)
    }
}
