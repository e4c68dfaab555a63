import TapCore

/// Makes waves of what a scenario says, those with names each when it is first used, as what it is used as.
struct WaveReader: DocumentReader {
    let mistakes: MistakeList
    /// The kinds that there are, for a message.
    let plantKinds: [String]
    /// There is a plant, with signals.
    var hasPlant = false
    /// nil: there is none, or one that could not be read, which may have any signal.
    var plant: (any PlantDescription)?

    /// The waves that have names, as they stand under `waves`.
    private var nodes: [String: Node] = [:]
    /// In the order of the file.
    private var names: [(name: String, position: FilePosition)] = []
    private var digital: [String: Named<DigitalWave>] = [:]
    private var analog: [String: Named<UnitWave>] = [:]
    /// Names that are being read, each used by the one before it.
    private var reading: [String] = []
    /// Waves read so far, each name with all that it is made of.
    private var count = 0

    /// Of the wave that is being read: how many names lie within each other in what it has used so far.
    private var depth = 0
    /// That is reported once.
    private var isTooDeep = false

    /// A wave that has a name.
    private struct Named<Wave> {
        /// nil: it has a mistake.
        var wave: Wave?
        /// Waves, each name with all that it is made of.
        var count: Int
        /// Names within each other, its own among them.
        var depth: Int
    }

    /// Names within each other: reading and playing a wave takes stack for each.
    static let deepest = 32
    /// More than any scenario needs, and few enough to be played.
    static let most = 20_000

    init(mistakes: MistakeList, plantKinds: [String]) {
        self.mistakes = mistakes
        self.plantKinds = plantKinds
    }

    /// What `wave` names: a kind, or a wave of the scenario.
    enum WaveKind {
        case kind(String)
        case named(String, FilePosition)

        var text: String {
            switch self {
            case .kind(let name), .named(let name, _): name
            }
        }
    }

    /// The fields of a map that has a key `wave`; its kind is nil where that has a mistake.
    ///
    /// - Parameters:
    ///   - owner: in messages.
    ///   - own: keys of the map beside those of the wave.
    func waveFields(
        _ node: Node, _ kinds: WaveKinds, owner: String, also own: [String]
    ) -> (Fields, WaveKind?)? {
        var kind: WaveKind?
        var keys: [String] = []
        var owner = owner
        if let (name, position) = waveName(node) {
            if let known = kinds.keys(of: name) {
                kind = .kind(name)
                keys = known
                owner = own.isEmpty ? "a wave '\(name)'" : "\(owner) with wave '\(name)'"
            } else if nodes[name] != nil {
                kind = .named(name, position)
                owner = own.isEmpty ? owner : "\(owner) that plays \(quoted(name))"
            } else {
                unknownWave(name, position, kinds)
                // Whatever else stands there goes with the wave that was meant.
                keys = kinds.kinds.flatMap(\.keys)
            }
        }
        guard let fields = fields(node, of: owner, known: own + ["wave"] + keys.filter { !own.contains($0) }) else {
            return nil
        }
        require([("wave", "wave: \(kinds.names[0])")], in: fields)
        if fields["wave"] != nil, waveName(node) == nil, let value = fields["wave"] {
            _ = scalar(value, "wave", meant: "the name of a wave", example: kinds.names[0])
        }
        return (fields, kind)
    }

    /// What a wave is in the words of the file: its kind or name, and its plain values, as "square, period 10s, duty 0.5".
    ///
    /// - Parameter own: keys that are not the wave's.
    func words(_ kind: WaveKind, _ fields: Fields, without own: [String]) -> String {
        let entries = fields.entries.values.sorted { $0.value.position < $1.value.position }
        return entries.reduce(into: printable(kind.text)) { words, entry in
            guard case .scalar(let key, _) = entry.key.value, case .scalar(let value, _) = entry.value.value,
                key != "wave", !own.contains(key)
            else { return }
            words += ", \(key) \(printable(value, longest: 40))"
        }
    }

    private func waveName(_ node: Node) -> (String, FilePosition)? {
        guard case .map(let entries) = node.value else { return nil }
        for entry in entries {
            guard case .scalar("wave", _) = entry.key.value, case .scalar(let name, let isPlain) = entry.value.value,
                !(isPlain && isNull(name))
            else { continue }
            return (name, entry.value.position)
        }
        return nil
    }

    func unknownWave(_ name: String, _ position: FilePosition, _ kinds: WaveKinds) {
        let others = kinds.noun == WaveKinds.digital.noun ? WaveKinds.analog : .digital
        if others.keys(of: name) != nil {
            mistakes.add(
                position, "wave \(quoted(name)) is \(others.noun), where a \(kinds.noun) one is expected",
                fix: "write \(alternatives(kinds.names))")
            return
        }
        let near = nearestNames(to: name, in: kinds.names + names.map(\.name))
        mistakes.add(
            position, "wave \(quoted(name)) is not known", "nearest names: \(near.joined(separator: ", "))",
            fix: "write one of these, or name it under 'waves'")
    }

    /// A value that is a wave itself, or the name of one.
    mutating func digitalWave(_ node: Node) -> DigitalWave? {
        if case .scalar(let name, let isPlain) = node.value, !(isPlain && isNull(name)) {
            return namedDigital(name, node.position)
        }
        guard let (fields, kind) = waveFields(node, .digital, owner: "a wave", also: []), let kind else { return nil }
        return digitalWave(kind, fields)
    }

    mutating func digitalWave(_ kind: WaveKind, _ fields: Fields) -> DigitalWave? {
        switch kind {
        case .named(let name, let position): return namedDigital(name, position)
        case .kind(let name): return countWave(fields.position) ? digitalWave(named: name, fields) : nil
        }
    }

    mutating func analogWave(_ node: Node) -> UnitWave? {
        if case .scalar(let name, let isPlain) = node.value, !(isPlain && isNull(name)) {
            return namedAnalog(name, node.position)
        }
        guard let (fields, kind) = waveFields(node, .analog, owner: "a wave", also: []), let kind else { return nil }
        return analogWave(kind, fields, hasUnit: true)
    }

    /// - Parameter hasUnit: the key `unit`, if there is one, belongs to the wave.
    mutating func analogWave(_ kind: WaveKind, _ fields: Fields, hasUnit: Bool) -> UnitWave? {
        switch kind {
        case .named(let name, let position): return namedAnalog(name, position)
        case .kind(let name): return countWave(fields.position) ? analogWave(named: name, fields, hasUnit) : nil
        }
    }

    private mutating func countWave(_ position: FilePosition, _ more: Int = 1) -> Bool {
        guard count <= Self.most else { return false }
        count += more
        guard count > Self.most else { return true }
        mistakes.add(
            position, "the scenario has more than \(Self.most) waves", "each name counts as all it is made of",
            fix: "use fewer")
        return false
    }

    private mutating func namedDigital(_ name: String, _ position: FilePosition) -> DigitalWave? {
        if let known = digital[name] {
            guard countWave(position, known.count), nest(known.depth, position) else { return nil }
            return known.wave.map { .named(name, $0) }
        }
        guard let read = readNamed(name, position, .digital, { $0.digitalWave($1) }) else { return nil }
        digital[name] = read
        return read.wave.map { .named(name, $0) }
    }

    private mutating func namedAnalog(_ name: String, _ position: FilePosition) -> UnitWave? {
        if let known = analog[name] {
            guard countWave(position, known.count), nest(known.depth, position) else { return nil }
            return known.wave.map { UnitWave(wave: .named(name, $0.wave), unit: $0.unit) }
        }
        guard let read = readNamed(name, position, .analog, { $0.analogWave($1) }) else { return nil }
        analog[name] = read
        return read.wave.map { UnitWave(wave: .named(name, $0.wave), unit: $0.unit) }
    }

    private mutating func readNamed<Wave>(
        _ name: String, _ position: FilePosition, _ kinds: WaveKinds, _ read: (inout WaveReader, Node) -> Wave?
    ) -> Named<Wave>? {
        guard let node = nodes[name] else {
            if kinds.keys(of: name) != nil {
                mistakes.add(
                    position, "\(quoted(name)) is a kind of wave, where a wave is expected",
                    fix: "write '{wave: \(name)}' with its keys")
            } else {
                unknownWave(name, position, kinds)
            }
            return nil
        }
        if let start = reading.firstIndex(of: name) {
            let circle = (reading[start...] + [name]).map { printable($0, longest: 40) }
            mistakes.add(
                position, "wave \(quoted(name)) is made of itself", "by \(circle.joined(separator: " -> "))",
                fix: "name another wave here")
            return nil
        }
        guard reading.count < Self.deepest else {
            refuseDepth(position)
            return nil
        }
        let (countBefore, depthBefore) = (count, depth)
        depth = 0
        reading.append(name)
        let wave = read(&self, node)
        reading.removeLast()
        let named = Named(wave: wave, count: count - countBefore, depth: depth + 1)
        depth = depthBefore
        return nest(named.depth, position) ? named : nil
    }

    /// Something is made of a wave of that depth.
    private mutating func nest(_ depth: Int, _ position: FilePosition) -> Bool {
        guard depth <= Self.deepest else {
            refuseDepth(position)
            return false
        }
        self.depth = max(self.depth, depth)
        return true
    }

    private mutating func refuseDepth(_ position: FilePosition) {
        guard !isTooDeep else { return }
        isTooDeep = true
        mistakes.add(
            position, "more than \(Self.deepest) named waves are made of each other",
            fix: "write what one of them is in place of its name")
    }

    mutating func gather(_ fields: Fields) {
        guard let node = fields["waves"] else { return }
        guard case .map(let entries) = node.value else {
            if case .refused = node.value { return }
            mistakes.add(
                node.position, "waves is \(node.kind), where names and waves are expected",
                fix: "write 'flow: {wave: square, period: 1s}' under it for each")
            return
        }
        for entry in entries {
            guard let name = text(entry.key, "a name of waves", .waveName) else { continue }
            let isKind = WaveKinds.digital.names.contains(name) || WaveKinds.analog.names.contains(name)
            if isKind {
                mistakes.add(
                    entry.key.position, "wave \(quoted(name)) is called like a kind of wave", fix: "write another name")
            } else if let first = names.first(where: { $0.name == name }) {
                mistakes.add(
                    entry.key.position, "wave \(quoted(name)) is given twice", "first at \(first.position.inFile)",
                    fix: "write another name")
            } else {
                names.append((name, entry.key.position))
                nodes[name] = entry.value
            }
        }
    }

    /// What nothing uses would not be read, and its mistakes not be found.
    func checkThatAllAreUsed() {
        // A mistake elsewhere may be why.
        guard mistakes.isEmpty else { return }
        for (name, position) in names where digital[name] == nil && analog[name] == nil {
            mistakes.add(
                position, "wave \(quoted(name)) is used by no line and no channel",
                fix: "write 'wave: \(name)' there, or delete it")
        }
    }
}
