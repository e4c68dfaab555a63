import TapCore

/// Makes attacks on single lines and channels, which need no plant, of what stands under `attacks`: it alters their waves
/// and says so in labels.
struct WireAttackReader: DocumentReader {
    let mistakes: MistakeList
    private var attacks: [WireAttack] = []

    init(mistakes: MistakeList) { self.mistakes = mistakes }

    private enum Variant: String, CaseIterable { case stuck, inverted, delayed, bias, scaling, replaced }
    private enum Level: String, CaseIterable { case low, high }

    private struct WireAttack {
        let fields: Fields
        let aim: Attack.Aim
        let variant: Variant
        let from: Nanoseconds
        let to: Nanoseconds?
        /// The key that names its place: `line` or `channel`.
        let place: String
        let name: String

        func overlaps(_ other: WireAttack) -> Bool {
            place == other.place && name == other.name && from < other.to ?? Nanoseconds(.max)
                && other.from < to ?? Nanoseconds(.max)
        }
    }

    /// Whether it is an attack of this kind: it names a line or a channel.
    static func isOne(_ node: Node) -> Bool { node.text(at: "line") != nil || node.text(at: "channel") != nil }

    /// More than any scenario needs, and few enough to be played.
    private static let most = 256

    private static let known = [
        "aim", "variant", "line", "channel", "from", "for", "to", "level", "value", "by", "strength", "of",
    ]

    /// The keys that say how, of each variant on a line and on a channel; empty: there is none such.
    private static func keys(_ variant: Variant, _ place: String) -> [String]? {
        switch (variant, place) {
        case (.stuck, "line"): ["level"]
        case (.stuck, _): ["value"]
        case (.inverted, "line"): []
        case (.delayed, "line"): ["by"]
        case (.bias, "channel"), (.scaling, "channel"): ["strength"]
        case (.replaced, _): ["of"]
        default: nil
        }
    }

    private static let examples = [
        "level": "level: low", "value": "value: 5", "by": "by: 200ms", "strength": "strength: 0.5",
        "of": "of: {wave: constant}",
    ]

    mutating func add(_ node: Node) {
        guard let fields = fields(node, of: "an attack on a wire", known: Self.known) else { return }
        require(
            [("aim", "aim: falsified-monitoring"), ("variant", "variant: stuck"), ("from", "from: 10s")], in: fields)
        let place = fields["line"] != nil ? "line" : "channel"
        if place == "line", let position = fields.keyPosition("channel") {
            mistakes.add(position, "key 'channel' names a second place", fix: "write an attack for each")
        }
        let aim = choice("aim", fields, Attack.Aim.allCases)
        let from = duration("from", fields, mayBeZero: true)
        let to = end(fields, from)
        let fitting = Variant.allCases.filter { Self.keys($0, place) != nil }
        guard let variant = choice("variant", fields, fitting), let keys = Self.keys(variant, place) else { return }
        require(keys.map { ($0, Self.examples[$0] ?? $0) }, in: fields)
        refuse(
            Self.examples.keys.sorted().filter { !keys.contains($0) }, in: fields,
            because: "because \(variant.rawValue) on a \(place) has none")
        guard let name = text(place, fields, .note), let aim, let from else { return }
        let attack = WireAttack(
            fields: fields, aim: aim, variant: variant, from: from, to: to, place: place, name: name)
        guard attacks.count <= Self.most else { return }
        if let other = attacks.first(where: { $0.overlaps(attack) }) {
            mistakes.add(
                fields.position, "two attacks on \(place) \(quoted(name)) meet",
                "the other is at \(other.fields.position.inFile)", fix: "write times that do not overlap")
        }
        attacks.append(attack)
        if attacks.count == Self.most + 1 {
            mistakes.add(fields.position, "more than \(Self.most) attacks on lines and channels", fix: "write fewer")
        }
    }

    /// Alters the scenario's waves, and adds the labels. Its lines and converters are read before.
    func apply(to scenario: inout Scenario, _ waves: inout WaveReader) {
        for attack in attacks.prefix(Self.most) {
            let truth =
                attack.place == "line"
                ? alterLine(attack, &scenario, &waves) : alterChannel(attack, &scenario, &waves)
            guard let truth else { continue }
            scenario.labels.append(
                Label(
                    kind: .attack, name: "\(attack.aim.rawValue)/\(attack.variant.rawValue)", from: .zero + attack.from,
                    to: attack.to.map { .zero + $0 } ?? .distantFuture,
                    truth: "\(attack.place) \(attack.name) \(truth)"))
        }
    }

    /// What really happens to it; nil: a mistake.
    private func alterLine(
        _ attack: WireAttack, _ scenario: inout Scenario, _ waves: inout WaveReader
    ) -> String? {
        let names = scenario.lines.map(\.name)
        guard let index = names.firstIndex(of: attack.name) else { return unknown(attack, names) }
        let effect: DigitalAlteration.Effect
        let truth: String
        switch attack.variant {
        case .stuck:
            guard let level = choice("level", attack.fields, Level.allCases) else { return nil }
            (effect, truth) = (.stuck(isHigh: level == .high), "is held \(level.rawValue)")
        case .inverted: (effect, truth) = (.inverted, "shows the opposite")
        case .delayed:
            guard let delay = duration("by", attack.fields) else { return nil }
            (effect, truth) = (.delayed(delay), "comes \(plain(Double(delay.count) * 1e-9)) s late")
        default:
            guard let node = attack.fields["of"], let wave = waves.digitalWave(node) else { return nil }
            (effect, truth) = (.replaced(wave), "shows another wave than its own")
        }
        scenario.lines[index].wave = scenario.lines[index].wave.altered(
            DigitalAlteration(from: attack.from, to: attack.to, effect))
        return truth
    }

    private func alterChannel(
        _ attack: WireAttack, _ scenario: inout Scenario, _ waves: inout WaveReader
    ) -> String? {
        let addresses = scenario.converters.flatMap { converter in
            converter.channels.map { "\(converter.name).\($0.name)" }
        }
        guard addresses.contains(attack.name) else { return unknown(attack, addresses) }
        for converter in scenario.converters.indices {
            for index in scenario.converters[converter].channels.indices {
                let channel = scenario.converters[converter].channels[index]
                guard "\(scenario.converters[converter].name).\(channel.name)" == attack.name else { continue }
                guard let (effect, truth) = effect(attack, on: channel, &waves) else { return nil }
                scenario.converters[converter].channels[index].wave = channel.wave.altered(
                    AnalogAlteration(from: attack.from, to: attack.to, effect))
                return truth
            }
        }
        return nil
    }

    private func effect(
        _ attack: WireAttack, on channel: ConverterChannel, _ waves: inout WaveReader
    ) -> (AnalogAlteration.Effect, String)? {
        switch attack.variant {
        case .stuck:
            return value("value", attack.fields).map { (.stuck($0), "stays at \(plain($0)) \(channel.unit)") }
        case .bias:
            return value("strength", attack.fields, example: "0.5").map {
                (.biased(by: $0), "shows its value with \(plain($0)) \(channel.unit) added")
            }
        case .scaling:
            return value("strength", attack.fields, example: "0.8").map {
                (.scaled(by: $0), "shows its value times \(plain($0))")
            }
        default:
            guard let node = attack.fields["of"], let wave = waves.analogWave(node) else { return nil }
            if let unit = wave.unit, unit.name != channel.unit {
                mistakes.add(
                    unit.position, "unit is \(unit.name)", "but that of the channel is \(channel.unit)",
                    fix: "write \(channel.unit)")
            }
            return (.replaced(wave.wave), "shows another wave than its own")
        }
    }

    private func unknown(_ attack: WireAttack, _ names: [String]) -> String? {
        let near = nearestNames(to: attack.name, in: names)
        mistakes.add(
            attack.fields.position(of: attack.place), "the scenario has no \(attack.place) \(quoted(attack.name))",
            fix: near.isEmpty ? "it has none" : "write \(alternatives(near))")
        return nil
    }
}
