import TapCore

/// Makes a board of a file's tree.
struct BoardReader: DocumentReader {
    let mistakes: MistakeList
    /// nil: missing or wrong, so nothing that depends on it is reported.
    var provenance: Provenance?

    /// Of each declared chip its number of lines; nil: it has a mistake.
    var chipLines: [String: Int?] = [:]
    /// In the order of the file.
    var chipLabels: [String] = []
    /// A chip whose label has a mistake may be the one that a line means.
    var knowsAllChips = true

    /// Where each channel address (`adc.NAME`) is declared under adcs, and its unit.
    var channels: [String: DeclaredChannel] = [:]
    /// Where each line name is declared under lines.
    var lines: [String: FilePosition] = [:]

    struct DeclaredChannel {
        var position: FilePosition
        var unit: String?
    }

    /// Where files that a simulated board's scenario names are looked for; nil: it can name none.
    let folder: String?
    /// The kinds of plants that it may have.
    let plants: [PlantKind]
    /// What the wires of a simulated board do, once it is read.
    var scenario: Scenario?

    init(mistakes: MistakeList, folder: String?, plants: [PlantKind]) {
        self.mistakes = mistakes
        self.folder = folder
        self.plants = plants
    }

    /// nil for a file that is no board file of this version; that is in `mistakes`.
    mutating func board(_ root: Node) -> Board? {
        guard isOfThisVersion(root, .board) else { return nil }
        let known = [
            "tap-board", "name", "title", "provenance", "machine", "sources", "notes", "chips", "lines", "adcs",
            "scenario", "bench",
        ]
        let former = [
            "simulated": FormerKey(
                now: "scenario",
                fix: "write 'scenario: {lines: [{name: MOTOR, wave: square, period: 1s}]}' instead; docs/boards.md"
            )
        ]
        guard let fields = fields(root, of: "a board", known: known, former: former) else { return nil }
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
        scenario = scenario(fields, of: board)
        board.bench = bench(fields, of: board)
        return board
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
