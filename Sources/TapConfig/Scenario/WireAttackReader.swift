import TapCore

/// Makes attacks on single lines, channels and claims, which need no plant, of what stands under `attacks`: it alters their
/// waves and says so in labels.
struct WireAttackReader: DocumentReader {
    let mistakes: MistakeList
    /// Those whose claims are numbers.
    private let numberTags: Set<String>
    private var attacks: [Described] = []

    init(mistakes: MistakeList, numberTags: Set<String>) {
        self.mistakes = mistakes
        self.numberTags = numberTags
    }

    private enum Variant: String, CaseIterable { case stuck, inverted, delayed, bias, scaling, replaced }
    private enum Level: String, CaseIterable { case low, high }

    /// The key that names it.
    private enum Place: String, CaseIterable { case line, channel, claim }

    private struct Described {
        let fields: Fields
        let aim: Attack.Aim
        let variant: Variant
        let from: Nanoseconds
        let to: Nanoseconds?
        let place: Place
        let name: String

        func overlaps(_ other: Described) -> Bool {
            place == other.place && name == other.name && from < other.to ?? Nanoseconds(.max)
                && other.from < to ?? Nanoseconds(.max)
        }
    }

    /// Whether it is an attack of this kind: it names a line, a channel or a claim.
    static func isOne(_ node: Node) -> Bool { Place.allCases.contains { node.text(at: $0.rawValue) != nil } }

    /// More than any scenario needs, and few enough to be played.
    private static let most = 256

    private static let known = [
        "aim", "variant", "line", "channel", "claim", "from", "for", "to", "level", "value", "by", "strength", "of",
    ]

    /// The keys that say how, of each variant on a digital and on an analog wave; nil: there is none such.
    private static func keys(_ variant: Variant, isAnalog: Bool) -> [String]? {
        switch variant {
        case .stuck: isAnalog ? ["value"] : ["level"]
        case .inverted: isAnalog ? nil : []
        case .delayed: ["by"]
        case .bias, .scaling: isAnalog ? ["strength"] : nil
        case .replaced: ["of"]
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
        let places = Place.allCases.filter { fields[$0.rawValue] != nil }
        for second in places.dropFirst() {
            mistakes.add(
                fields.keyPosition(second.rawValue) ?? fields.position, "key '\(second.rawValue)' names a second place",
                fix: "write an attack for each")
        }
        guard let place = places.first else { return }
        let aim = choice("aim", fields, Attack.Aim.allCases)
        let from = duration("from", fields, mayBeZero: true)
        let to = end(fields, from)
        let isAnalog =
            place == .channel || place == .claim && numberTags.contains(node.text(at: place.rawValue) ?? "")
        let fitting = Variant.allCases.filter { Self.keys($0, isAnalog: isAnalog) != nil }
        guard let variant = choice("variant", fields, fitting), let keys = Self.keys(variant, isAnalog: isAnalog)
        else { return }
        require(keys.map { ($0, Self.examples[$0] ?? $0) }, in: fields)
        refuse(
            Self.examples.keys.sorted().filter { !keys.contains($0) }, in: fields,
            because: "because \(variant.rawValue) on a \(place.rawValue) has none")
        guard let name = text(place.rawValue, fields, .note), let aim, let from else { return }
        let attack = Described(
            fields: fields, aim: aim, variant: variant, from: from, to: to, place: place, name: name)
        guard attacks.count <= Self.most else { return }
        if let other = attacks.first(where: { $0.overlaps(attack) }) {
            mistakes.add(
                fields.position, "two attacks on \(place.rawValue) \(quoted(name)) meet",
                "the other is at \(other.fields.position.inFile)", fix: "write times that do not overlap")
        }
        attacks.append(attack)
        if attacks.count == Self.most + 1 {
            mistakes.add(
                fields.position, "more than \(Self.most) attacks on lines, channels and claims", fix: "write fewer")
        }
    }

    /// Alters the scenario's waves, and adds the labels. Its lines, converters and claims are read before.
    func apply(to scenario: inout Scenario, _ waves: inout WaveReader) {
        for attack in attacks.prefix(Self.most) {
            let truth =
                switch attack.place {
                case .line: alterLine(attack, &scenario, &waves)
                case .channel: alterChannel(attack, &scenario, &waves)
                case .claim: alterClaim(attack, &scenario, &waves)
                }
            guard let truth else { continue }
            let label = Label(
                kind: .attack, name: "\(attack.aim.rawValue)/\(attack.variant.rawValue)", from: .zero + attack.from,
                to: attack.to.map { .zero + $0 } ?? .distantFuture,
                truth: "\(attack.place.rawValue) \(attack.name) \(truth)")
            scenario.labels.append(label)
            let place: WireAttack.Place =
                switch attack.place {
                case .line: .line(attack.name)
                case .channel: .channel(attack.name)
                case .claim: .claim(attack.name)
                }
            scenario.wireAttacks.append(WireAttack(place: place, label: label, from: attack.from, to: attack.to))
        }
    }

    /// What really happens to it; nil: a mistake.
    private func alterLine(
        _ attack: Described, _ scenario: inout Scenario, _ waves: inout WaveReader
    ) -> String? {
        let names = scenario.lines.map(\.name)
        guard let index = names.firstIndex(of: attack.name) else { return unknown(attack, names) }
        guard let (wave, truth) = alter(scenario.lines[index].wave, attack, &waves) else { return nil }
        scenario.lines[index].wave = wave
        return truth
    }

    private func alterChannel(
        _ attack: Described, _ scenario: inout Scenario, _ waves: inout WaveReader
    ) -> String? {
        var addresses: [String] = []
        for converter in scenario.converters.indices {
            for index in scenario.converters[converter].channels.indices {
                let channel = scenario.converters[converter].channels[index]
                addresses.append("\(scenario.converters[converter].name).\(channel.name)")
                guard addresses.last == attack.name else { continue }
                guard let (wave, truth) = alter(channel.wave, in: channel.unit, attack, &waves) else { return nil }
                scenario.converters[converter].channels[index].wave = wave
                return truth
            }
        }
        return unknown(attack, addresses)
    }

    private func alterClaim(
        _ attack: Described, _ scenario: inout Scenario, _ waves: inout WaveReader
    ) -> String? {
        let tags = scenario.claimed.map(\.tag)
        guard let index = tags.firstIndex(of: attack.name) else { return unknown(attack, tags) }
        switch scenario.claimed[index].wave {
        case .digital(let wave):
            guard let (wave, truth) = alter(wave, attack, &waves) else { return nil }
            scenario.claimed[index].wave = .digital(wave)
            return truth
        case .analog(let wave):
            let unit = scenario.claimed[index].unit
            guard let (wave, truth) = alter(wave, in: unit, attack, &waves) else { return nil }
            scenario.claimed[index].wave = .analog(wave)
            return truth
        }
    }

    private func alter(
        _ wave: DigitalWave, _ attack: Described, _ waves: inout WaveReader
    ) -> (DigitalWave, truth: String)? {
        let effect: DigitalWave.Effect
        let truth: String
        switch attack.variant {
        case .stuck:
            guard let level = choice("level", attack.fields, Level.allCases) else { return nil }
            (effect, truth) = (.stuck(isHigh: level == .high), "is held \(level.rawValue)")
        case .inverted: (effect, truth) = (.inverted, "shows the opposite")
        case .delayed:
            guard let delay = duration("by", attack.fields) else { return nil }
            (effect, truth) = (.delayed(delay), "comes \(plain(delay)) late")
        default:
            guard let node = attack.fields["of"], let other = waves.digitalWave(node) else { return nil }
            (effect, truth) = (.replaced(other), "shows another wave than its own")
        }
        return (wave.altered(Alteration(from: attack.from, to: attack.to, effect)), truth)
    }

    private func alter(
        _ wave: AnalogWave, in unit: String, _ attack: Described, _ waves: inout WaveReader
    ) -> (AnalogWave, truth: String)? {
        let effect: AnalogWave.Effect
        let truth: String
        switch attack.variant {
        case .stuck:
            guard let value = value("value", attack.fields) else { return nil }
            (effect, truth) = (.stuck(value), "stays at \(plain(value)) \(unit)")
        case .bias:
            guard let bias = value("strength", attack.fields, example: "0.5") else { return nil }
            (effect, truth) = (.biased(by: bias), "shows its value with \(plain(bias)) \(unit) added")
        case .scaling:
            guard let factor = value("strength", attack.fields, example: "0.8") else { return nil }
            (effect, truth) = (.scaled(by: factor), "shows its value times \(plain(factor))")
        case .delayed:
            guard let delay = duration("by", attack.fields) else { return nil }
            (effect, truth) = (.delayed(delay), "comes \(plain(delay)) late")
        default:
            guard let node = attack.fields["of"], let other = waves.analogWave(node) else { return nil }
            if let said = other.unit, said.name != unit {
                mistakes.add(
                    said.position, "unit is \(said.name)", "but that of the \(attack.place.rawValue) is \(unit)",
                    fix: "write \(unit)")
            }
            (effect, truth) = (.replaced(other.wave), "shows another wave than its own")
        }
        return (wave.altered(Alteration(from: attack.from, to: attack.to, effect)), truth)
    }

    private func unknown(_ attack: Described, _ names: [String]) -> String? {
        let near = nearestNames(to: attack.name, in: names)
        mistakes.add(
            attack.fields.position(of: attack.place.rawValue),
            "the scenario has no \(attack.place.rawValue) \(quoted(attack.name))",
            fix: near.isEmpty ? "it has none" : "write \(alternatives(near))")
        return nil
    }
}
