import TapCore

/// What stands once for several assets: `each: {P#: [P1, P2]}` makes two entries of every entry whose key has `P#` in it.
///
/// It works on the tree, so that the readers know nothing of it: a copy has the place of its original.
struct Repetition {
    /// A name with `#` at its end, and what stands for it.
    struct Template: Equatable {
        var name: String
        var values: [String]
    }

    var templates: [Template] = []
    /// Keys whose value is single: a list there has one entry for each.
    var single: Set<String> = []

    func expanded(_ root: Node) -> Node {
        guard !templates.isEmpty, case .map(let entries) = root.value else { return root }
        var root = root
        root.value = .map(
            entries.flatMap { entry in
                if case .scalar("each", _) = entry.key.value { [entry] } else { expanded(entry) }
            })
        return root
    }

    private func expanded(_ entry: Node.Entry) -> [Node.Entry] {
        guard case .scalar(let key, _) = entry.key.value, let template = template(in: key) else {
            return [Node.Entry(key: entry.key, value: expandedValue(entry.value))]
        }
        return template.values.indices.map { index in
            Node.Entry(
                key: substituted(entry.key, template, index), value: substituted(entry.value, template, index))
        }
    }

    /// Outside of any repeated entry: an item of a list with a template in it stands for each.
    private func expandedValue(_ node: Node) -> Node {
        var node = node
        switch node.value {
        case .map(let entries): node.value = .map(entries.flatMap { expanded($0) })
        case .list(let items):
            node.value = .list(
                items.flatMap { item -> [Node] in
                    guard case .scalar(let text, _) = item.value, let template = template(in: text) else {
                        return [expandedValue(item)]
                    }
                    return template.values.indices.map { substituted(item, template, $0) }
                })
        case .scalar, .refused: break
        }
        return node
    }

    private func substituted(_ node: Node, _ template: Template, _ index: Int) -> Node {
        var node = node
        switch node.value {
        case .scalar(let text, let isPlain):
            node.value = .scalar(replaced(text, template.name, template.values[index]), isPlain: isPlain)
        case .list(let items): node.value = .list(items.map { substituted($0, template, index) })
        case .map(let entries):
            node.value = .map(
                entries.map { entry in
                    var value = entry.value
                    if case .scalar(let key, _) = entry.key.value, single.contains(key),
                        case .list(let items) = value.value, items.count == template.values.count
                    {
                        value = items[index]
                    }
                    return Node.Entry(
                        key: substituted(entry.key, template, index), value: substituted(value, template, index))
                })
        case .refused: break
        }
        return node
    }

    private func template(in text: String) -> Template? { templates.first { text.contains($0.name) } }

    /// A text with every value as its template, so that what is said of copies is the same.
    func folded(_ text: String) -> String {
        templates.reduce(text) { text, template in
            template.values.reduce(text) { replaced($0, $1, template.name) }
        }
    }
}

/// Every occurrence of a text that is not empty.
private func replaced(_ text: String, _ old: String, _ new: String) -> String {
    text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
}
