/// Makes a plant's description of what stands under `plant`.
struct PlantReader: DocumentReader {
    let mistakes: MistakeList
    let kinds: [PlantKind]

    /// nil: of no kind that is known; that is in `mistakes`.
    func plant(_ node: Node) -> (any PlantDescription)? {
        guard let first = kinds.first else {
            mistakes.add(node.position, "a plant is described, and this program knows none", fix: "delete the key")
            return nil
        }
        let kind = kinds.first { $0.name == node.text(at: "kind") }
        let known = kind?.keys ?? kinds.flatMap(\.keys)
        guard let fields = fields(node, of: "a plant", known: ["kind"] + known) else { return nil }
        require([("kind", "kind: \(first.name)")], in: fields)
        guard choice("kind", fields, kinds.map(\.name)) != nil else { return nil }
        return kind?.read(fields, mistakes)
    }
}
