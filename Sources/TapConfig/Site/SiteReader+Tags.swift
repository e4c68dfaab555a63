import TapCore

extension SiteReader {
    static let tagKeys =
        [
            "at", "words", "order", "signed", "float", "bit", "bits", "is", "raw", "one-of", "clock", "late",
            "late-by-at-most", "hold", "within", "of", "counts", "approved", "while", "clear", "asset",
        ] + messageKeys
    private static let ofRegisters = ["words", "order", "signed", "float", "bit", "bits", "raw"]

    func tag(_ name: String, _ node: Node, of source: SiteClaimSource) -> (SiteTag, Fields)? {
        guard let fields = fields(node, of: "tag \(name)", known: Self.tagKeys) else { return nil }
        var tag = SiteTag(name: name, kind: kind(fields))
        tag.message = message(name, fields, of: source)
        if fields["at"] != nil {
            tag.register = register(fields, tag)
        } else {
            refuse(Self.ofRegisters, in: fields, because: "because no register is given by 'at'")
            if case .heard = source.origin, fields["clock"] == nil { missingAddress(name, fields, source) }
            if case .poll = source.origin, fields["clock"] == nil { missingAddress(name, fields, source) }
        }
        unit(&tag, fields)
        tag.late = time("late", fields, mayBeZero: true)
        tag.lateByAtMost = time("late-by-at-most", fields)
        tag.hold = span("hold", fields, mayBeZero: true) ?? .polls(0)
        tag.asset = asset(fields)
        if let within = quantity("within", fields, example: "25 mm") {
            let dimension = tag.kind == .clock ? .time : tag.dimension
            tag.within = size(within, of: dimension, "within", fields.position(of: "within"))
        }
        return (tag, fields)
    }

    private func missingAddress(_ name: String, _ fields: Fields, _ source: SiteClaimSource) {
        mistakes.add(
            fields.position, "tag \(name) has no register", "and \(source.name) is read from registers",
            fix: "add 'at: 0' with its address")
    }

    private func kind(_ fields: Fields) -> SiteTag.Kind {
        if fields["clock"] != nil {
            _ = choice("clock", fields, ["local"])
            return .clock
        }
        if fields["one-of"] != nil { return .words(oneOf(fields)) }
        let isNumber = ["is", "raw", "float", "signed", "counts", "words", "bits"].contains { fields[$0] != nil }
        return isNumber ? .number : .bool
    }

    private func oneOf(_ fields: Fields) -> [String] {
        let keys: [Node] =
            switch fields["one-of"]?.value {
            case .map(let entries): entries.map(\.key)
            default: list("one-of", fields, form: "- auto", atLeastOne: true)
            }
        var words: [String] = []
        for key in keys {
            guard let word = text(key, "a word of one-of", .siteEntry) else { continue }
            if words.contains(word) {
                mistakes.add(key.position, "\(quoted(word)) is given twice in one-of", fix: "delete one of the two")
            }
            words.append(word)
        }
        return words
    }

    private func register(_ fields: Fields, _ tag: SiteTag) -> SiteRegister? {
        guard let address = integer("at", fields, in: 0...65_535, example: "0") else { return nil }
        var register = SiteRegister(address: address)
        if let words = integer("words", fields, in: 1...4, example: "2") { register.words = words }
        if register.words == 3 {
            mistakes.add(fields.position(of: "words"), "words is 3", fix: "write 1, 2 or 4")
        }
        register.order = choice("order", fields, SiteRegister.Order.allCases) ?? .highFirst
        if boolean("signed", fields) == true { register.form = .signed }
        if boolean("float", fields) == true {
            register.form = .float
            refuse(["signed"], in: fields, because: "because a float has a sign")
            if register.words == 1 {
                mistakes.add(
                    fields.position(of: "float"), "float of one register", "which has 32 bits at least",
                    fix: "add 'words: 2'")
            }
        }
        register.bits = bits(fields, register)
        if register.words == 1, let node = fields["order"] {
            mistakes.add(node.position, "order of one register", fix: "add 'words: 2', or delete it")
        }
        return register
    }

    private func bits(_ fields: Fields, _ register: SiteRegister) -> ClosedRange<Int>? {
        if let bit = integer("bit", fields, in: 0...15, example: "0") {
            refuse(["bits"], in: fields, because: "because 'bit' says which")
            return bit...bit
        }
        guard let node = fields["bits"], case .scalar(let text, _) = node.value else { return nil }
        let ends = text.split(separator: "..", omittingEmptySubsequences: false).map { isDigits($0) ? Int($0) : nil }
        guard ends.count == 2, let low = ends[0], let high = ends[1], low <= high, high <= 15, register.words == 1
        else {
            mistakes.add(
                node.position, "bits \(quoted(text)) is no range of a register's bits", fix: "write for example 0..3")
            return nil
        }
        return low...high
    }

    /// `is: 10 mA`: what one of the register's number is; or `raw: 5530..27648 = 0..4 bar`.
    private func unit(_ tag: inout SiteTag, _ fields: Fields) {
        if let node = fields["is"] {
            refuse(["raw"], in: fields, because: "because 'is' says what a number of the register is")
            guard let (text, _) = scalar(node, "is", meant: "a unit", example: "10 mA") else { return }
            let isBare = text.utf8.first.map { isDigit($0) || $0 == UInt8(ascii: "-") } != true
            guard
                let quantity = quantity(
                    isBare ? "1 \(text)" : text, node.position, "is", example: "10 mA")
            else { return }
            let step = String(quantity.text.prefix { $0 != " " })
            tag.unit = String(quantity.text.dropFirst(step.count + 1))
            tag.dimension = quantity.dimension
            tag.register?.scale = LinearScale(from: (0, 1), to: (0, Double(step) ?? 1))
            if step == "0" {
                mistakes.add(node.position, "is \(quoted(text)) makes every value zero", fix: "write for example 10 mA")
            }
        } else if let raw = mapping("raw", fields, example: "5530..27648 = 0..4 bar") {
            if raw.from.0 != .number {
                mistakes.add(
                    fields.position(of: "raw"), "raw begins in \(raw.from.0.words)",
                    "where registers have bare numbers",
                    fix: "write for example 5530..27648 = 0..4 bar")
            }
            tag.unit = raw.to.1
            tag.dimension = raw.to.0
            if let unit = SiteUnit.named(raw.to.1) {
                tag.register?.scale = LinearScale(
                    from: raw.scale.from, to: (unit.count(raw.scale.to.low), unit.count(raw.scale.to.high)))
            }
        }
        if let unit = SiteUnit.named(tag.unit) { tag.unitSize = unit.base(1) - unit.base(0) }
    }
}
