import TapCore

/// Makes a site of a file's tree.
struct SiteReader: DocumentReader {
    let mistakes: MistakeList
    /// Where files that it names are looked for; nil: they are not.
    let folder: String?
    let plants: [PlantKind]

    /// What the board has; nil: it names none, or it cannot be read.
    var board: SiteBoard?
    var assets: [String: SiteAsset] = [:]
    /// Where each name that expressions may use is declared: signals and words by name, tags by `source.TAG`.
    var places: [String: FilePosition] = [:]
    var site = Site(name: "", title: "")
    var vocabulary = Vocabulary()
    /// What the tags that are read must agree with, once every name is known.
    var pending: [(place: (source: Int, tag: Int), fields: Fields)] = []
    var ruleNames: Set<String> = []
    var source: SourceText

    init(_ bytes: [UInt8], mistakes: MistakeList, folder: String?, plants: [PlantKind]) {
        source = SourceText(bytes)
        self.mistakes = mistakes
        self.folder = folder
        self.plants = plants
    }

    /// The words of the expression language, which are no names.
    static let reserved: Set<String> = [
        "and", "or", "not", "for", "true", "false", "steady", "jumps", "silent", "in", "while", "max", "min", "abs",
        "integral", "change", "count", "once", "always", "eventually", "historically", "since",
    ]

    private static let known = [
        "tap-site", "name", "title", "zone", "board", "each", "assets", "signals", "words", "claims", "work", "rules",
        "record",
    ]

    /// nil for a file that is no site file of this version; that is in `mistakes`.
    mutating func site(_ written: Node) -> Site? {
        guard isOfThisVersion(written, .site) else { return nil }
        let repetition = repetition(written)
        source.templates = repetition.templates
        mistakes.samePlace = { repetition.folded($0) }
        let root = repetition.expanded(written)
        guard let fields = fields(root, of: "a site", known: Self.known) else { return nil }
        require(
            [("tap-site", "tap-site: 1"), ("name", "name: pump-station"), ("title", "title: Pump station 14")],
            in: fields)
        site.name = text("name", fields, .siteName) ?? ""
        site.title = text("title", fields, .title) ?? ""
        site.zone = text("zone", fields, .zone) ?? ""
        board(fields)
        site.assets = entries("assets", fields, .siteEntry, form: "well: Wet well").compactMap { asset($0, $1) }
        assets = Dictionary(site.assets.map { ($0.name, $0) }) { first, _ in first }
        signals(fields)
        vocabulary.signals = Dictionary(site.signals.map { ($0.name, $0) }) { first, _ in first }
        claims(fields)
        words(fields)
        agreements()
        ruleNames = names(under: "rules", fields)
        rules(fields)
        work(fields)
        record(fields)
        return site
    }

    /// A map of names, in the order of the file; a name that is given twice or is none is a mistake.
    func entries(
        _ key: String, _ fields: Fields, _ rule: TextRule, form: String
    ) -> [(key: Node, value: Node)] {
        guard let node = fields[key] else { return [] }
        return entries(node, key, rule, form: form)
    }

    func entries(_ node: Node, _ key: String, _ rule: TextRule, form: String) -> [(key: Node, value: Node)] {
        guard case .map(let entries) = node.value else {
            if case .refused = node.value { return [] }
            mistakes.add(
                node.position, "\(key) is \(node.kind), where names are expected", fix: "write '\(form)' under it")
            return []
        }
        var firsts: [String: FilePosition] = [:]
        return entries.compactMap { entry in
            guard let name = text(entry.key, "a name under \(key)", rule) else { return nil }
            if let first = firsts[name] {
                mistakes.add(
                    entry.key.position, "\(quoted(name)) is given twice under \(key)", "first at \(first.inFile)",
                    fix: "delete one of the two")
                return nil
            }
            firsts[name] = entry.key.position
            return (entry.key, entry.value)
        }
    }

    private func names(under key: String, _ fields: Fields) -> Set<String> {
        guard case .map(let entries) = fields[key]?.value else { return [] }
        return Set(entries.compactMap { if case .scalar(let name, _) = $0.key.value { name } else { nil } })
    }

    private func repetition(_ root: Node) -> Repetition {
        var repetition = Repetition()
        repetition.single = Self.single
        guard let node = root.value(of: "each") else { return repetition }
        let rule = TextRule(
            name: "template", form: "letters and digits and # at the end", example: "P#", longest: 16
        ) { text in
            text.hasSuffix("#") && text.utf8.count > 1 && isMade(of: "_", text.dropLast())
        }
        for (key, value) in entries(node, "each", rule, form: "P#: [P1, P2]") {
            guard case .scalar(let name, _) = key.value, case .list(let items) = value.value, items.count > 0 else {
                mistakes.add(
                    value.position, "what stands for a template is \(value.kind), where a list of names is expected",
                    fix: "write for example [P1, P2]")
                continue
            }
            let values = items.compactMap { text($0, "an item under each", .siteEntry) }
            if values.count == items.count { repetition.templates.append(.init(name: name, values: values)) }
        }
        return repetition
    }

    private func asset(_ key: Node, _ node: Node) -> SiteAsset? {
        guard case .scalar(let name, _) = key.value else { return nil }
        if case .scalar = node.value {
            return text(node, "asset \(name)", .title).map { SiteAsset(name: name, title: $0, zone: "") }
        }
        guard let fields = fields(node, of: "asset \(name)", known: ["title", "zone"]) else { return nil }
        require([("title", "title: Wet well")], in: fields)
        return SiteAsset(
            name: name, title: text("title", fields, .title) ?? "", zone: text("zone", fields, .words) ?? "")
    }

    /// Declares a name that expressions use; false: it is another thing already, which is a mistake.
    mutating func declare(_ name: String, _ what: String, _ position: FilePosition) -> Bool {
        guard let first = places[name] else {
            places[name] = position
            return true
        }
        mistakes.add(
            position, "\(what) \(quoted(name)) has the name of something else", "at \(first.inFile)",
            fix: "write another name")
        return false
    }

    /// The asset that is named, which must be declared.
    func asset(_ fields: Fields) -> String {
        guard let name = text("asset", fields, .siteEntry) else { return "" }
        if assets[name] == nil {
            mistakes.add(
                fields.position(of: "asset"), "asset \(quoted(name)) is not declared under assets",
                fix: guess(name, in: assets.keys.sorted()) ?? "add it to assets, with what it is")
        }
        return name
    }
}
