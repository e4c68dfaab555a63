import TapCore

/// Makes a scenario of a file's tree.
struct ScenarioReader: DocumentReader {
    let mistakes: MistakeList
    /// Where files that a scenario names are looked for, empty or with a slash at its end; nil: it can name none.
    private let folder: String?
    private let plants: [PlantKind]
    private var waves: WaveReader
    private var drivers = Drivers()

    init(mistakes: MistakeList, folder: String?, plants: [PlantKind]) {
        self.mistakes = mistakes
        self.folder = folder
        self.plants = plants
        waves = WaveReader(mistakes: mistakes, plantKinds: plants.map(\.name))
    }

    /// Where each wire is driven from.
    private struct Drivers {
        var lines: [String: FilePosition] = [:]
        var converters: [String: FilePosition] = [:]
        var channels: [String: FilePosition] = [:]
    }

    /// nil for a file that is no scenario file of this version; that is in `mistakes`.
    mutating func scenario(_ root: Node) -> Scenario? {
        guard isOfThisVersion(root, .scenario) else { return nil }
        let known = ["tap-scenario", "name", "title", "notes"] + Self.keys
        guard let fields = fields(root, of: "a scenario", known: known) else { return nil }
        require(
            [
                ("tap-scenario", "tap-scenario: 1"), ("name", "name: bounce"), ("title", "title: Contacts that bounce"),
            ], in: fields)
        var scenario = Scenario(
            name: text("name", fields, .scenarioName) ?? "", title: text("title", fields, .title) ?? "")
        scenario.notes = texts("notes", fields, .note)
        read(fields, into: &scenario)
        return scenario
    }

    /// What a simulated board has under `scenario`: all but the head of a file, which is the board's.
    mutating func scenario(_ node: Node, of board: Board) -> Scenario? {
        guard let fields = fields(node, of: "scenario", known: Self.keys) else { return nil }
        var scenario = Scenario(name: board.name, title: board.title, notes: board.notes)
        read(fields, into: &scenario)
        return scenario
    }

    private static let keys = [
        "seed", "for", "plant", "attacks", "labels", "waves", "lines", "converters", "claims", "channel", "kernel",
        "faults",
    ]

    private mutating func read(_ fields: Fields, into scenario: inout Scenario) {
        scenario.seed = UInt64(integer("seed", fields, in: 0...Int.max, example: "1") ?? 1)
        scenario.duration = duration("for", fields)
        scenario.plant = fields["plant"].flatMap { PlantReader(mistakes: mistakes, kinds: plants).plant($0) }
        waves.hasPlant = fields["plant"] != nil
        waves.plant = scenario.plant
        scenario.labels = LabelReader(mistakes: mistakes).labels(fields)
        var wireAttacks = WireAttackReader(mistakes: mistakes, numberTags: ClaimReader.numberTags(fields))
        scenario.attacks = attacks(fields, of: scenario.plant, &wireAttacks)
        waves.gather(fields)
        // Before lines, which may not be called like a channel.
        scenario.converters = converters(fields)
        scenario.lines = lines(fields)
        if let plant = scenario.plant, fields["lines"] == nil, fields["converters"] == nil {
            scenario.lines = plant.defaultLines
            scenario.converters = plant.defaultConverters
        } else if fields["plant"] == nil, fields["lines"] == nil, fields["converters"] == nil {
            mistakes.add(
                fields.position, "the scenario has neither lines nor converters",
                fix: "add 'lines: [{name: MOTOR, wave: square, period: 1s}]'")
        }
        scenario.claimed = ClaimReader(mistakes: mistakes).claims(fields, &waves)
        scenario.channel = ChannelReader(mistakes: mistakes, tags: scenario.tags).channel(fields)
        wireAttacks.apply(to: &scenario, &waves)
        scenario.machine = MachineReader(mistakes: mistakes, folder: folder).machine(fields, of: scenario)
        waves.checkThatAllAreUsed()
    }

    /// Those on the plant; those on single lines, channels and claims are added to `wires`.
    private func attacks(
        _ fields: Fields, of plant: (any PlantDescription)?, _ wires: inout WireAttackReader
    ) -> [Attack] {
        let form = "- {aim: falsified-monitoring, variant: stuck, line: NAME, level: low, from: 10s, for: 5s}"
        let reader = AttackReader(mistakes: mistakes, kinds: plant?.attackKinds ?? [])
        var attacks: [Attack] = []
        for node in list("attacks", fields, form: form) {
            if WireAttackReader.isOne(node) {
                wires.add(node)
            } else if plant != nil {
                if let attack = reader.attack(node) { attacks.append(attack) }
            } else if fields["plant"] == nil {
                mistakes.add(
                    node.position, "the attack names no line, channel or claim, and there is no plant to attack",
                    fix: "add 'line: NAME'")
            }
        }
        return attacks
    }

    private mutating func lines(_ fields: Fields) -> [ScenarioLine] {
        let own = ["name", "front-end"]
        return list("lines", fields, form: "- {name: MOTOR, wave: square, period: 1s}").map { node in
            guard let (fields, kind) = waves.waveFields(node, .digital, owner: "a line", also: ["name", "front-end"])
            else {
                return ScenarioLine(name: "", wave: .constant(isHigh: false))
            }
            require([("name", "name: MOTOR")], in: fields)
            let name = text("name", fields, .lineName)
            if let name {
                let position = fields.position(of: "name")
                if let first = drivers.lines[name] {
                    mistakes.add(
                        position, "line \(quoted(name)) has two drivers", "the first at \(first.inFile)",
                        fix: "write another name, or one line with 'wave: or' of both")
                } else if let channel = drivers.channels[name] {
                    mistakes.add(
                        position, "line name \(quoted(name)) is also a channel", "at \(channel.inFile)",
                        fix: "write another name")
                } else {
                    drivers.lines[name] = position
                }
            }
            let wave = kind.flatMap { waves.digitalWave($0, fields) } ?? .constant(isHigh: false)
            return ScenarioLine(
                name: name ?? "", words: kind.map { waves.words($0, fields, without: own) } ?? "",
                wave: waves.frontEnd(fields, of: wave))
        }
    }

    private mutating func converters(_ fields: Fields) -> [Converter] {
        let form = "- {name: plant, rate: 100, channels: [{name: level, unit: V, range: [0, 10], wave: dc, value: 5}]}"
        return list("converters", fields, form: form).map { node in
            var converter = Converter(name: "", rate_hz: 1)
            guard
                let fields = self.fields(
                    node, of: "a converter", known: ["name", "rate", "bits", "jitter", "channels"])
            else { return converter }
            require(
                [
                    ("name", "name: plant"), ("rate", "rate: 100"),
                    ("channels", "channels: [{name: level, unit: V, range: [0, 10], wave: dc, value: 5}]"),
                ], in: fields)
            converter.name = text("name", fields, .channelName) ?? ""
            if let first = drivers.converters[converter.name], !converter.name.isEmpty {
                mistakes.add(
                    fields.position(of: "name"), "converter \(quoted(converter.name)) is given twice",
                    "first at \(first.inFile)", fix: "write another name, or its channels there")
            } else {
                drivers.converters[converter.name] = fields.position(of: "name")
            }
            converter.rate_hz = rate("rate", fields) ?? 1
            converter.jitter = jitter(fields, rate_hz: converter.rate_hz)
            let bits = integer("bits", fields, in: 1...32, example: "12") ?? 12
            converter.channels = list(
                "channels", fields, form: "- {name: level, unit: V, range: [0, 10], wave: dc, value: 5}",
                atLeastOne: true
            ).map { channel($0, of: converter.name, bits: bits) }
            return converter
        }
    }

    /// Cut at four deviations, of which a scan and the next must leave their order.
    private func jitter(_ fields: Fields, rate_hz: Double) -> Nanoseconds {
        guard let jitter = duration("jitter", fields, mayBeZero: true) else { return .zero }
        guard Double(jitter.count) * 8 < 1e9 / rate_hz else {
            mistakes.add(
                fields.position(of: "jitter"), "jitter is an eighth of the time between two scans or more",
                fix: "write a shorter one")
            return .zero
        }
        return jitter
    }

    private mutating func channel(
        _ node: Node, of converter: String, bits: Int
    ) -> ConverterChannel {
        var channel = ConverterChannel(name: "", unit: "", bottom: 0, top: 1, bits: bits, wave: .constant(0))
        let own = ["name", "unit", "range", "bits"]
        guard let (fields, kind) = waves.waveFields(node, .analog, owner: "a channel", also: own) else {
            return channel
        }
        require([("name", "name: level"), ("unit", "unit: V"), ("range", "range: [0, 10]")], in: fields)
        channel.name = text("name", fields, .channelName) ?? ""
        let address = "\(converter).\(channel.name)"
        if let first = drivers.channels[address], !channel.name.isEmpty {
            mistakes.add(
                fields.position(of: "name"), "channel \(quoted(address)) has two drivers",
                "the first at \(first.inFile)", fix: "write another name, or one channel with 'wave: sum' of both")
        } else {
            drivers.channels[address] = fields.position(of: "name")
        }
        channel.unit = unit("unit", fields) ?? ""
        channel.bits = integer("bits", fields, in: 1...32, example: "12") ?? bits
        if let (low, high) = pair("range", fields, example: "[0, 10]") { (channel.bottom, channel.top) = (low, high) }
        channel.words = kind.map { waves.words($0, fields, without: own) } ?? ""
        guard let kind, let wave = waves.analogWave(kind, fields, hasUnit: false) else { return channel }
        channel.wave = wave.wave
        if let unit = wave.unit, !channel.unit.isEmpty, unit.name != channel.unit {
            mistakes.add(
                fields.position(of: "unit"), "unit is \(channel.unit)",
                "but the wave is in \(unit.name), as \(unit.position.inFile) says", fix: "write \(unit.name)")
        }
        return channel
    }
}
