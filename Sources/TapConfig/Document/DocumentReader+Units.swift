import TapCore

extension DocumentReader {
    /// A known unit; nil: there is none, or a mistake.
    package func unit(_ key: String, _ fields: Fields) -> String? {
        guard let node = fields[key],
            let (text, _) = scalar(node, key, meant: "a unit", example: "V")
        else { return nil }
        if Unit.known.contains(text) { return text }
        guard let (unit, hasPrefix) = Unit.probable(for: text) else {
            mistakes.add(
                node.position, "\(key) \(quoted(text)) is not known",
                fix: "write one of \(Unit.known.joined(separator: " "))")
            return nil
        }
        if hasPrefix {
            mistakes.add(
                node.position, "\(key) \(quoted(text)) has a prefix", "but values are given in whole \(unit)",
                fix: "write \(unit)")
        } else {
            mistakes.add(node.position, "\(key) \(quoted(text)) is not known", fix: "did you mean '\(unit)'?")
        }
        return nil
    }
}
