import TapCore

/// Makes labels of what stands under `labels`.
struct LabelReader: DocumentReader {
    let mistakes: MistakeList

    func labels(_ fields: Fields) -> [Label] {
        list("labels", fields, form: "- {name: night-shift, from: 1h, for: 8h, truth: nobody is there}")
            .compactMap { label($0) }
    }

    private func label(_ node: Node) -> Label? {
        let known = ["name", "kind", "from", "for", "to", "truth"]
        guard let fields = fields(node, of: "a label", known: known) else { return nil }
        require(
            [("name", "name: night-shift"), ("from", "from: 1h"), ("truth", "truth: nobody is there")], in: fields)
        let name = text("name", fields, .note)
        let kind = choice("kind", fields, Label.Kind.allCases) ?? .operation
        let from = duration("from", fields, mayBeZero: true)
        let to = end(fields, from)
        let truth = text("truth", fields, .note)
        guard let name, let from, let truth else { return nil }
        return Label(
            kind: kind, name: name, from: .zero + from, to: to.map { .zero + $0 } ?? .distantFuture, truth: truth)
    }
}
