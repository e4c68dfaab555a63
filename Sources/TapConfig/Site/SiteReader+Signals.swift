import TapCore

extension SiteReader {
    /// Keys under which a list, beside a template, has one entry for each.
    static let single: Set<String> = [
        "at", "line", "channel", "id", "wire", "drawing", "conditioner", "asset", "high", "bit", "bits", "of", "loop",
        "accuracy", "approved", "title",
    ]

    private static let known = [
        "asset", "role", "line", "channel", "id", "at", "wire", "drawing", "conditioner", "high", "settle", "unit",
        "loop", "trusted", "accuracy", "fastest", "back-within", "each", "feeds", "decay", "uart",
    ]
    private static let ofChannels = ["channel", "unit", "loop", "trusted", "accuracy", "fastest", "back-within"]

    mutating func signals(_ fields: Fields) {
        let entries = entries("signals", fields, .siteTerm, form: "P1_FB: {role: feedback}")
        for (key, node) in entries {
            guard case .scalar(let name, _) = key.value, declare(name, "signal", key.position) else { continue }
            if let signal = signal(name, key.position, node) { site.signals.append(signal) }
        }
        for (key, node) in entries {
            guard case .scalar(let name, _) = key.value, case .list(let fed) = node.value(of: "feeds")?.value else {
                continue
            }
            for item in fed { check(fed: item, by: name) }
        }
    }

    private func check(fed item: Node, by name: String) {
        guard case .scalar(let fed, _) = item.value, !site.signals.contains(where: { $0.name == fed }) else { return }
        mistakes.add(
            item.position, "signal \(name) feeds \(quoted(fed)), which is no signal",
            fix: guess(fed, in: site.signals.map(\.name)) ?? "name signals of this file")
    }

    private mutating func signal(_ name: String, _ place: FilePosition, _ node: Node) -> SiteSignal? {
        guard let fields = fields(node, of: "signal \(name)", known: Self.known) else { return nil }
        require([("role", "role: feedback")], in: fields)
        let isChannel = Self.ofChannels.contains { fields[$0] != nil }
        var signal = SiteSignal(
            name: name, wire: isChannel ? .channel(name) : .line(name),
            role: choice("role", fields, SiteSignal.Role.allCases) ?? .feedback, asset: asset(fields))
        signal.id = text("id", fields, .words) ?? ""
        signal.terminal = text("at", fields, .words) ?? ""
        signal.conductor = text("wire", fields, .words) ?? ""
        signal.drawing = text("drawing", fields, .words) ?? ""
        signal.conditioner = text("conditioner", fields, .words) ?? ""
        if isChannel {
            let why = "because \(name) is a channel"
            refuse(["line", "high", "settle", "each", "feeds", "decay", "uart"], in: fields, because: why)
            channel(&signal, fields, place)
        } else {
            line(&signal, fields, place)
        }
        return signal
    }

    private func line(_ signal: inout SiteSignal, _ fields: Fields, _ place: FilePosition) {
        if let line = text("line", fields, .lineName) { signal.wire = .line(line) }
        if case .line(let line) = signal.wire {
            check(line: line, of: signal.name, fields["line"]?.position ?? place)
        }
        signal.high = text("high", fields, .words) ?? ""
        signal.settle = time("settle", fields) ?? .zero
        signal.each = quantity("each", fields, example: "10 l")
        signal.feeds = texts("feeds", fields, .siteTerm, atLeastOne: true, unique: true)
        decay(&signal, fields)
        if let uart = text("uart", fields, .words) { signal.uart = uart }
        if signal.role == .measurement {
            mistakes.add(
                fields.position(of: "role"), "signal \(signal.name) is a measurement without a unit",
                fix: "write 'unit: A' or 'loop: 4..20 mA = 0..5 m', or another role")
        }
        if signal.role == .bus, fields["uart"] == nil {
            mistakes.add(
                fields.position, "signal \(signal.name) is a bus, and how it is read is not said",
                fix: "add 'uart: \"19200,8e1\"'")
        }
    }

    private func channel(_ signal: inout SiteSignal, _ fields: Fields, _ place: FilePosition) {
        let written = text("channel", fields, .words) ?? signal.name
        let found = find(channel: written, of: signal.name, fields["channel"]?.position ?? place)
        signal.wire = .channel(found?.address ?? written)
        if fields["loop"] != nil {
            refuse(["unit"], in: fields, because: "because loop says the unit")
            loop(&signal, fields, found?.unit)
        } else if let unit = text("unit", fields, .words) {
            guard let known = SiteUnit.named(unit) else {
                return report(.unknownUnit(unit), "unit", fields.position(of: "unit"), example: "A")
            }
            signal.unit = unit
            signal.dimension = known.dimension
            check(known.dimension, found?.unit, signal.name, fields.position(of: "unit"))
            let raw = found.flatMap { SiteUnit.named($0.unit) } ?? known
            if raw.base(0) != 0 || raw.base(1) != 1 {
                signal.scale = LinearScale(from: (0, 1), to: (raw.base(0), raw.base(1)))
            }
        } else if isMissing("unit", in: fields) {
            mistakes.add(
                fields.position, "signal \(signal.name) has no unit",
                fix: "add 'unit: A', or 'loop: 4..20 mA = 0..5 m'")
        }
        let of = signal.dimension
        signal.accuracy = quantity("accuracy", fields, of: of, example: "25 mm") ?? 0
        signal.fastest = quantity("fastest", fields, of: of / .time, example: "20 mm/s")
        signal.backWithin = quantity("back-within", fields, of: of, example: "500 mm")
        if fields["back-within"] != nil, fields["fastest"] == nil {
            mistakes.add(
                fields.position(of: "back-within"),
                "signal \(signal.name) has 'back-within', and no step is too fast for it",
                fix: "add 'fastest', as 20 mm/s")
        }
    }

    private func decay(_ signal: inout SiteSignal, _ fields: Fields) {
        guard fields["decay"] != nil else { return }
        signal.decay = time("decay", fields)
        if fields["feeds"] == nil {
            mistakes.add(
                fields.position(of: "decay"), "signal \(signal.name) has 'decay', and feeds nothing",
                fix: "add 'feeds', or delete it")
        }
    }

    private func loop(_ signal: inout SiteSignal, _ fields: Fields, _ unit: String?) {
        let example = "4..20 mA = 0..5 m"
        guard let loop = mapping("loop", fields, example: example) else { return }
        let raw = unit.flatMap { SiteUnit.named($0) } ?? SiteUnit(dimension: loop.from.0, numerator: 1, denominator: 1)
        signal.scale = LinearScale(
            from: (raw.count(loop.scale.from.low), raw.count(loop.scale.from.high)), to: loop.scale.to)
        (signal.dimension, signal.unit) = loop.to
        check(loop.from.0, unit, signal.name, fields.position(of: "loop"))
        if let text = text("trusted", fields, .words) {
            let position = fields.position(of: "trusted")
            guard let ends = ends(text, position, "trusted", example: "3.6..21 mA") else { return }
            guard ends.dimension == loop.from.0, ends.low < ends.high else {
                return mistakes.add(
                    position, "trusted \(quoted(text)) does not fit the loop", "which begins in \(loop.from.1)",
                    fix: "write for example 3.6..21 mA")
            }
            signal.trusted = raw.count(ends.low)...raw.count(ends.high)
            signal.trustedText = text
        } else if loop.from.0 == .current, loop.scale.from.low == 0.004, loop.scale.from.high == 0.02 {
            // NAMUR NE 43: 3.8 to 20.5 mA are measured; at most 3.6 mA and at least 21 mA say that the transmitter has failed.
            // Halfway between, so that noise does not decide.
            signal.trusted = raw.count(0.0037)...raw.count(0.02075)
            signal.trustedText = "3.7..20.75 mA"
        }
    }

    /// What the board says of the channel must be the same kind of quantity.
    private func check(_ dimension: Dimension, _ unit: String?, _ name: String, _ position: FilePosition) {
        guard let unit, let known = SiteUnit.named(unit), known.dimension != dimension else { return }
        mistakes.add(
            position, "signal \(name) begins in \(dimension.words)", "where the board's channel is in \(unit)",
            fix: "write what the channel measures, in \(unit) or the like")
    }
}
