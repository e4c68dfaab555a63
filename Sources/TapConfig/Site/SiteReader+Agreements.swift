import TapCore

extension SiteReader {
    private static let ways = ["of", "counts", "approved"]

    /// What the tags of a source must agree with, now that every name is known.
    mutating func agreements() {
        for (place, fields) in pending {
            let tag = site.sources[place.source].tags[place.tag]
            let guarding = condition("while", fields)
            let clearing = clearing(fields)
            let agreement = agreement(of: tag, fields)
            if agreement == nil {
                for key in ["while", "hold", "within", "late-by-at-most", "clear", "asset"] where fields[key] != nil {
                    refuse([key], in: fields, because: "because the tag is compared with nothing")
                }
            }
            site.sources[place.source].tags[place.tag].guarding = guarding
            site.sources[place.source].tags[place.tag].agreement = agreement
            site.sources[place.source].tags[place.tag].clearing = clearing
        }
    }

    private func agreement(of tag: SiteTag, _ fields: Fields) -> SiteAgreement? {
        let present = Self.ways.filter { fields[$0] != nil }
        if present.count > 1 {
            mistakes.add(
                fields.keyPosition(present[1]), "key '\(present[1])' conflicts with '\(present[0])'",
                fix: "delete one of the two")
            return nil
        }
        if tag.kind == .clock { return .clock }
        switch present.first {
        case "of": return agreement(of: tag, with: fields)
        case "counts": return counts(tag, fields)
        case "approved":
            guard let quantity = quantity("approved", fields, example: "2000 mm") else { return nil }
            return size(quantity, of: tag.dimension, "approved", fields.position(of: "approved"), isDifference: false)
                .map { .approved($0) }
        default: return words(tag, fields)
        }
    }

    private func agreement(of tag: SiteTag, with fields: Fields) -> SiteAgreement? {
        guard let node = fields["of"], let typed = typed(node, "of") else { return nil }
        switch (typed, tag.kind) {
        case (.condition(let condition), .bool): return .condition(condition)
        case (.measure(let measure, let dimension), .number):
            if dimension == tag.dimension { return .measure(measure) }
            mistakes.add(
                node.position, "of: tag \(tag.name) is \(tag.dimension.words), and this is \(dimension.words)",
                "whose units cannot agree",
                fix: tag.dimension == .number ? "write what a number of it is, as 'is: mm'" : "compare like with like")
        case (_, .words):
            mistakes.add(
                node.position, "of: tag \(tag.name) is one of several words",
                fix: "write what holds for each, as 'one-of: {auto: P1_AUTO, hand: P1_HAND}'")
        case (_, .number):
            mistakes.add(
                node.position, "of: tag \(tag.name) is a number, and this is true or false",
                fix: "delete its unit, or name a channel")
        case (_, .bool):
            mistakes.add(
                node.position, "of: tag \(tag.name) is true or false, and this is a quantity",
                fix: "write what a number of it is, as 'is: mm'")
        case (_, .clock): break
        }
        return nil
    }

    private func counts(_ tag: SiteTag, _ fields: Fields) -> SiteAgreement? {
        guard let name = text("counts", fields, .siteTerm) else { return nil }
        let position = fields.position(of: "counts")
        guard let signal = vocabulary.signals[name], signal.isLine else {
            mistakes.add(
                position, "counts \(quoted(name)) is no line",
                fix: guess(name, in: site.signals.filter(\.isLine).map(\.name)) ?? "write the name of a line")
            return nil
        }
        if tag.dimension == .number { return .edges(of: name, each: 1) }
        guard let each = signal.each, each.dimension == tag.dimension else {
            let what =
                signal.each.map { "a pulse of \(name) is \($0.dimension.words)" } ?? "no pulse of \(name) has a size"
            mistakes.add(
                position, "tag \(tag.name) counts \(tag.dimension.words), and \(what)",
                fix: "write at signal \(name) what a pulse is, as 'each: 10 l'")
            return nil
        }
        return .edges(of: name, each: each.value)
    }

    private func words(_ tag: SiteTag, _ fields: Fields) -> SiteAgreement? {
        guard case .words(let words) = tag.kind, case .map(let entries) = fields["one-of"]?.value else { return nil }
        guard entries.count == words.count else { return nil }
        return .words(entries.map { condition($0.value, "one-of") })
    }
}
