import TapCore

/// Reads scenario files: YAML that says what simulated wires do. docs/scenarios.md says what each key means. The file of
/// a simulated board is one too.
///
/// Every function may be called from any thread. The same text gives the same scenario or the same errors everywhere.
/// No input makes them trap. A profile that a file names is read with it.
public enum ScenarioFile {
    /// Reads a scenario file. Blocks for as long as the file system does.
    ///
    /// - Parameter path: stands at the beginning of each error as it is given here.
    /// - Throws: every mistake in the file; or one without a position, if the file cannot be read.
    public static func load(path: String) throws(ConfigurationErrors) -> Scenario {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        return try parse(ConfigurationFile.read(path, .scenario), file: path, folder: folder)
    }

    /// Reads the text of a scenario file, which can name no other file.
    ///
    /// - Parameter file: the name of it in errors.
    /// - Throws: every mistake in the text.
    public static func parse(_ text: String, file: String) throws(ConfigurationErrors) -> Scenario {
        try parse(Array(text.utf8), file: file)
    }

    /// Reads the bytes of a scenario file, which are to be UTF-8.
    ///
    /// - Parameter file: the name of it in errors.
    /// - Throws: every mistake in the bytes.
    public static func parse(_ bytes: [UInt8], file: String) throws(ConfigurationErrors) -> Scenario {
        try parse(bytes, file: file, folder: nil)
    }

    private static func parse(
        _ bytes: [UInt8], file: String, folder: String?
    ) throws(ConfigurationErrors) -> Scenario {
        try ConfigurationFile.parse(bytes, .scenario, file: file) { reader, root in
            reader.folder = folder
            return reader.scenario(root)
        }
    }
}

extension Reader {
    /// nil for a file that is no scenario file of this version; that is in `mistakes`.
    mutating func scenario(_ root: Node) -> Scenario? {
        if isBoard(root) { return simulatedBoard(root) }
        guard isOfThisVersion(root, .scenario) else { return nil }
        let known = [
            "tap-scenario", "name", "title", "notes", "seed", "for", "plant", "attacks", "waves", "lines", "converters",
            "kernel", "faults",
        ]
        guard let fields = fields(root, of: "a scenario", known: known) else { return nil }
        require(
            [
                ("tap-scenario", "tap-scenario: 1"), ("name", "name: bounce"), ("title", "title: Contacts that bounce"),
            ], in: fields)
        var scenario = Scenario(
            name: text("name", fields, .scenarioName) ?? "", title: text("title", fields, .title) ?? "")
        scenario.notes = texts("notes", fields, .note)
        scenario.seed = UInt64(integer("seed", fields, in: 0...Int.max, example: "1") ?? 1)
        scenario.duration = duration("for", fields)
        scenario.plant = fields["plant"].flatMap { pumpStation($0) }
        if fields["plant"] == nil {
            refuse(["attacks"], in: fields, because: "because there is no plant to attack")
        } else {
            scenario.attacks = attacks(fields)
            waves.hasPlant = true
        }
        gatherWaves(fields)
        var drivers = Drivers()
        // Before lines, which may not be called like a channel.
        scenario.converters = converters(fields, &drivers)
        scenario.lines = scenarioLines(fields, &drivers)
        if let plant = scenario.plant, fields["lines"] == nil, fields["converters"] == nil {
            scenario.lines = plant.defaultLines
            scenario.converters = plant.defaultConverters
        } else if fields["lines"] == nil, fields["converters"] == nil {
            mistakes.add(
                fields.position, "the scenario has neither lines nor converters",
                fix: "add 'lines: [{name: MOTOR, wave: square, period: 1s}]'")
        }
        scenario.machine = machine(fields, of: scenario)
        checkThatWavesAreUsed()
        return scenario
    }

    private func isBoard(_ root: Node) -> Bool {
        guard case .map(let entries) = root.value else { return false }
        func has(_ key: String) -> Bool {
            entries.contains { entry in if case .scalar(key, _) = entry.key.value { true } else { false } }
        }
        return has(FileKind.board.key) && !has(FileKind.scenario.key)
    }

    /// What a simulated board does is a scenario too.
    private mutating func simulatedBoard(_ root: Node) -> Scenario? {
        guard let board = board(root) else { return nil }
        guard let wires = board.simulated else {
            if mistakes.isEmpty {
                mistakes.add(
                    root.position, "the file is a board file with real lines, where a scenario is expected",
                    fix: FileKind.board.use)
            }
            return nil
        }
        return Scenario(board: board.name, lines: wires.lines, channels: wires.channels)
    }

    /// Where each wire is driven from.
    struct Drivers {
        var lines: [String: FilePosition] = [:]
        var converters: [String: FilePosition] = [:]
        var channels: [String: FilePosition] = [:]
    }

    private mutating func scenarioLines(_ fields: Fields, _ drivers: inout Drivers) -> [ScenarioLine] {
        list("lines", fields, form: "- {name: MOTOR, wave: square, period: 1s}").map { node in
            guard let (fields, kind) = waveFields(node, .digital, owner: "a line", also: ["name", "front-end"]) else {
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
            let wave = kind.flatMap { digitalWave($0, fields) } ?? .constant(isHigh: false)
            return ScenarioLine(name: name ?? "", kind: kind?.text ?? "", wave: frontEnd(fields, of: wave))
        }
    }

    private mutating func converters(_ fields: Fields, _ drivers: inout Drivers) -> [Converter] {
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
            ).map { channel($0, of: converter.name, bits: bits, &drivers) }
            return converter
        }
    }

    /// Cut at four deviations, of which a scan and the next must leave their order.
    private mutating func jitter(_ fields: Fields, rate_hz: Double) -> Nanoseconds {
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
        _ node: Node, of converter: String, bits: Int, _ drivers: inout Drivers
    ) -> ConverterChannel {
        var channel = ConverterChannel(name: "", unit: "", bottom: 0, top: 1, bits: bits, wave: .constant(0))
        let own = ["name", "unit", "range", "bits"]
        guard let (fields, kind) = waveFields(node, .analog, owner: "a channel", also: own) else { return channel }
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
        channel.kind = kind?.text ?? ""
        guard let kind, let wave = analogWave(kind, fields, hasUnit: false) else { return channel }
        channel.wave = wave.wave
        if let unit = wave.unit, !channel.unit.isEmpty, unit.name != channel.unit {
            mistakes.add(
                fields.position(of: "unit"), "unit is \(channel.unit)",
                "but the wave is in \(unit.name), as \(unit.position.inFile) says", fix: "write \(unit.name)")
        }
        return channel
    }
}
