import TapCore

/// Makes a board or a scenario of a YAML tree and gathers every mistake on the way.
///
/// Reading goes on after a mistake, with a value left out or a default in its place: the whole is thrown away then.
struct Reader {
    var mistakes: MistakeList
    /// nil: missing or wrong, so nothing that depends on it is reported.
    var provenance: Provenance?

    /// Of each declared chip its number of lines; nil: it has a mistake.
    var chipLines: [String: Int?] = [:]
    /// In the order of the file.
    var chipLabels: [String] = []
    /// A chip whose label has a mistake may be the one that a line means.
    var knowsAllChips = true

    /// Where each channel address (`adc.NAME`) is declared under adcs, with what a simulated channel takes from there.
    var channels: [String: DeclaredChannel] = [:]
    /// Where each line name is declared under lines.
    var lines: [String: FilePosition] = [:]

    /// Of a scenario: its named waves, and what its plant has.
    var waves = WaveTable()
    /// Where files that a scenario names are looked for, empty or with a slash at its end; nil: it can name none.
    var folder: String?

    struct DeclaredChannel {
        var position: FilePosition
        var unit: String?
        var rate_hz: Double?
    }

    init(_ mistakes: MistakeList) { self.mistakes = mistakes }

    /// nil for a file that is no board file of this version; that is in `mistakes`.
    mutating func board(_ root: Node) -> Board? {
        guard isOfThisVersion(root, .board) else { return nil }
        let known = [
            "tap-board", "name", "title", "provenance", "machine", "sources", "notes", "chips", "lines", "adcs",
            "simulated", "bench",
        ]
        guard let fields = fields(root, of: "a board", known: known) else { return nil }
        require(
            [
                ("tap-board", "tap-board: 1"), ("name", "name: press-line-3"), ("title", "title: Press line 3"),
                ("provenance", "provenance: hardware"),
            ], in: fields)
        provenance = choice("provenance", fields, [Provenance.hardware, .emulatedKernel, .simulated])
        if provenance == .hardware {
            require([("sources", "sources: [\"where each fact was read\"]")], in: fields)
        }
        var board = Board(
            name: text("name", fields, .boardName) ?? "", title: text("title", fields, .title) ?? "",
            provenance: provenance ?? .hardware)
        board.compatible = compatible(fields)
        board.sources = texts("sources", fields, .note, atLeastOne: true)
        board.notes = texts("notes", fields, .note)
        board.chips = chips(fields)
        // Before lines, which may not be called like a channel.
        board.adcs = adcs(fields)
        board.lines = boardLines(fields)
        board.simulated = simulated(fields)
        board.bench = bench(fields, of: board)
        return board
    }

    /// Of another version nothing else is read: each of its new keys would only be called a mistake.
    mutating func isOfThisVersion(_ root: Node, _ kind: FileKind) -> Bool {
        guard case .map(let entries) = root.value else {
            if case .refused = root.value { return false }
            mistakes.add(
                root.position, "the file is \(root.kind), where keys and values are expected",
                fix: "begin with '\(kind.head)'")
            return false
        }
        func value(of key: String) -> Node? {
            let entry = entries.first { entry in
                if case .scalar(key, _) = entry.key.value { true } else { false }
            }
            return entry?.value
        }
        if value(of: kind.key) == nil, let other = FileKind.all.first(where: { value(of: $0.key) != nil }) {
            mistakes.add(
                root.position, "the file is a \(other.noun) file, where a \(kind.noun) file is expected",
                fix: other.use)
            return false
        }
        guard let node = value(of: kind.key), let version = integer(node, kind.key, example: "1") else { return true }
        guard version != 1 else { return true }
        mistakes.add(
            node.position, "\(kind.key) \(version) is an unknown version of the format",
            fix: "write 1, or use a newer tap")
        return false
    }

    private mutating func compatible(_ fields: Fields) -> [String] {
        guard let node = fields["machine"],
            let machine = self.fields(node, of: "machine", known: ["compatible"])
        else { return [] }
        require([("compatible", "compatible: [\"raspberrypi,4-model-b\"]")], in: machine)
        return texts("compatible", machine, .compatible, atLeastOne: true, unique: true)
    }

    private mutating func chips(_ fields: Fields) -> [BoardChip] {
        var firsts: [String: FilePosition] = [:]
        return list("chips", fields, form: "- {label: gpio-sim.0-node0, lines: 8}").map { node in
            guard let chip = self.fields(node, of: "a chip", known: ["label", "lines", "slow"]) else {
                knowsAllChips = false
                return BoardChip(label: "", lines: 0)
            }
            require([("label", "label: pinctrl-bcm2711"), ("lines", "lines: 58")], in: chip)
            // The kernel counts a chip's lines in 16 bits (struct gpio_chip, ngpio).
            let count = integer("lines", chip, in: 1...65_535, example: "58")
            let isSlow = boolean("slow", chip) ?? false
            guard let label = text("label", chip, .label) else {
                knowsAllChips = false
                return BoardChip(label: "", lines: 0)
            }
            let position = chip.position(of: "label")
            if let first = firsts[label] {
                mistakes.add(
                    position, "chip label \(quoted(label)) is used twice", "first at \(first.inFile)",
                    fix: "delete one of the two")
            } else {
                firsts[label] = position
                chipLabels.append(label)
                chipLines.updateValue(count, forKey: label)
            }
            return BoardChip(label: label, lines: count ?? 0, isSlow: isSlow)
        }
    }
}

extension FilePosition {
    /// `line:column`, for a place in the same file.
    var inFile: String { "\(line):\(column)" }
}
