import TapCore

extension BoardReader {
    /// What stands under `lines`.
    mutating func boardLines(_ fields: Fields) -> [BoardLine] {
        var wires: [Wire: (name: String, position: FilePosition)] = [:]
        return list("lines", fields, form: "- {name: GPIO17, chip: pinctrl-bcm2711, offset: 17}").map { node in
            line(node, &wires)
        }
    }

    /// A chip and an offset on it.
    private struct Wire: Hashable {
        var chip: String
        var offset: Int
    }

    private mutating func line(
        _ node: Node, _ wires: inout [Wire: (name: String, position: FilePosition)]
    ) -> BoardLine {
        let known = ["name", "chip", "offset", "pin", "function", "bias", "active-low", "edges", "debounce", "note"]
        guard let fields = fields(node, of: "a line", known: known) else {
            return BoardLine(name: "", chip: "", offset: 0)
        }
        require([("name", "name: GPIO17")], in: fields)
        if provenance == .hardware || provenance == .emulatedKernel {
            require([("chip", "chip: \(chipLabels.first ?? "pinctrl-bcm2711")"), ("offset", "offset: 17")], in: fields)
        }
        let name = lineName(fields)
        let chip = chipLabel(fields)
        let offset = offset(fields, chip: chip)
        if let chip, let offset {
            let wire = Wire(chip: chip, offset: offset)
            let position = fields.position(of: "offset")
            if let first = wires[wire] {
                mistakes.add(
                    position, "chip \(quoted(chip)) offset \(offset) is used twice",
                    "first by \(quoted(first.name)) at \(first.position.inFile)", fix: "delete one of the two")
            } else {
                wires[wire] = (name ?? "", position)
            }
        }
        return BoardLine(
            name: name ?? "", chip: chip ?? "", offset: offset ?? 0, pin: text("pin", fields, .pin) ?? "",
            function: text("function", fields, .function) ?? "", options: options(fields),
            note: text("note", fields, .note) ?? "")
    }

    private mutating func lineName(_ fields: Fields) -> String? {
        guard let name = text("name", fields, .lineName) else { return nil }
        let position = fields.position(of: "name")
        if let first = lines[name] {
            mistakes.add(
                position, "line name \(quoted(name)) is used twice", "first at \(first.inFile)",
                fix: "write another name")
        } else {
            lines[name] = position
        }
        refuseChannelAddress(name, position)
        return name
    }

    /// Lines and channels are named side by side on screens and in files.
    mutating func refuseChannelAddress(_ name: String, _ position: FilePosition) {
        guard let channel = channels[name] else { return }
        mistakes.add(
            position, "line name \(quoted(name)) is also a channel", "at \(channel.position.inFile)",
            fix: "write another name")
    }

    private mutating func chipLabel(_ fields: Fields) -> String? {
        guard let chip = text("chip", fields, .label) else { return nil }
        guard chipLines[chip] == nil, knowsAllChips else { return chip }
        let position = fields.position(of: "chip")
        // The nearest of the first few are hint enough, and keep a file with thousands of chips quick.
        let near = nearestNames(to: chip, in: chipLabels.prefix(64)).map { printable($0) }
        mistakes.add(
            position, "chip \(quoted(chip)) is not declared under chips",
            fix: near.isEmpty
                ? "add 'chips: [{label: \(printable(chip)), lines: 32}]' with the chip's number of lines"
                : "write \(alternatives(near)), or declare it")
        return chip
    }

    private mutating func offset(_ fields: Fields, chip: String?) -> Int? {
        guard let node = fields["offset"], let offset = integer(node, "offset", example: "17") else { return nil }
        let count = chip.flatMap { chipLines[$0] ?? nil }
        let range = count.map { $0 == 1 ? "write 0" : "write 0 to \($0 - 1)" } ?? "write 0 or more"
        if offset < 0 {
            mistakes.add(node.position, "offset \(offset) is negative", fix: range)
            return nil
        }
        if let chip, let count, offset >= count {
            mistakes.add(
                node.position, "offset \(offset) is past the end of chip \(quoted(chip))",
                "which has \(counted(count, "line"))", fix: range)
            return nil
        }
        // The kernel's offsets have 32 bits (struct gpio_v2_line_request).
        guard offset <= Int(UInt32.max) else {
            mistakes.add(node.position, "offset \(offset) is out of range", fix: range)
            return nil
        }
        return offset
    }

    private mutating func options(_ fields: Fields) -> LineOptions {
        LineOptions(
            bias: choice("bias", fields, LineOptions.Bias.allCases) ?? .asIs,
            isActiveLow: boolean("active-low", fields) ?? false,
            edges: choice("edges", fields, LineOptions.Edges.allCases) ?? .both, debounce: debounce(fields) ?? .zero)
    }

    private mutating func debounce(_ fields: Fields) -> Nanoseconds? {
        guard let time = duration("debounce", fields) else { return nil }
        let position = fields.position(of: "debounce")
        // struct gpio_v2_line_attribute, debounce_period_us: 32 bits.
        let whole = time.count / 1_000
        if time.count % 1_000 != 0 {
            mistakes.add(
                position, "debounce is not a whole number of microseconds", "in which the kernel counts it",
                fix: "write \(whole + 1)us")
        } else if whole > Int64(UInt32.max) {
            mistakes.add(
                position, "debounce is longer than the kernel can count", "which is in 32 bits of microseconds",
                fix: "write at most \(UInt32.max)us")
        }
        return time
    }
}
