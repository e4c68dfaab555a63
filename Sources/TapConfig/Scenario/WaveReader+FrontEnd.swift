import TapCore

/// What stands between a wire and a gateway's pin, in the order of the signal.
extension WaveReader {
    private static let stages: [(name: String, keys: [String])] = [
        ("opto-isolator", ["on-delay", "off-delay", "minimum"]),
        ("rc", ["time-constant", "low", "high"]),
        ("inverter", []),
        ("supply", ["of", "hold-up"]),
    ]

    /// The wave behind the stages at `front-end`.
    mutating func frontEnd(_ fields: Fields, of wave: DigitalWave) -> DigitalWave {
        var wave = wave
        for node in list("front-end", fields, form: "- {stage: rc, time-constant: 1ms}", atLeastOne: true) {
            let names = Self.stages.map(\.name)
            guard let kind = stageName(node) else {
                guard let fields = self.fields(node, of: "a stage", known: ["stage"] + Self.stages.flatMap(\.keys))
                else { continue }
                require([("stage", "stage: opto-isolator")], in: fields)
                if let node = fields["stage"] {
                    mistakes.add(node.position, "stage is \(node.kind)", fix: "write \(alternatives(names))")
                }
                continue
            }
            guard let stage = Self.stages.first(where: { $0.name == kind.name }) else {
                let near = nearestNames(to: kind.name, in: names)
                mistakes.add(
                    kind.position, "stage \(quoted(kind.name)) is not known", fix: "write \(alternatives(near))")
                continue
            }
            guard let fields = self.fields(node, of: "a stage '\(stage.name)'", known: ["stage"] + stage.keys)
            else { continue }
            wave = self.stage(stage.name, fields, wave) ?? wave
        }
        return wave
    }

    private func stageName(_ node: Node) -> (name: String, position: FilePosition)? {
        guard case .map(let entries) = node.value else { return nil }
        for entry in entries {
            guard case .scalar("stage", _) = entry.key.value, case .scalar(let name, let isPlain) = entry.value.value,
                !(isPlain && isNull(name))
            else { continue }
            return (name, entry.value.position)
        }
        return nil
    }

    private mutating func stage(_ name: String, _ fields: Fields, _ wave: DigitalWave) -> DigitalWave? {
        switch name {
        case "opto-isolator": return optoIsolator(fields).map { .delay(wave, $0) }
        case "rc": return filter(fields).map { .filter(wave, $0) }
        case "inverter": return .invert(wave)
        default:
            require(
                [("of", "of: {wave: stuck, of: {wave: constant, level: high}, from: 1s, to: 2s, level: low}")],
                in: fields)
            let holdUp = fields["hold-up"] == nil ? .zero : duration("hold-up", fields, mayBeZero: true)
            guard let holdUp, let supply = fields["of"].flatMap({ digitalWave($0) }) else { return nil }
            // Dips that the hold-up bridges are not seen.
            return .combine(.and, [wave, holdUp == .zero ? supply : .delay(supply, Delay(on: .zero, off: holdUp))])
        }
    }

    private func optoIsolator(_ fields: Fields) -> Delay? {
        require([("on-delay", "on-delay: 5us"), ("off-delay", "off-delay: 40us")], in: fields)
        guard let on = duration("on-delay", fields), let off = duration("off-delay", fields) else { return nil }
        let minimum = fields["minimum"] == nil ? .zero : duration("minimum", fields, mayBeZero: true)
        guard let minimum else { return nil }
        guard minimum <= min(on, off) else {
            mistakes.add(
                fields.position(of: "minimum"), "minimum is longer than a delay",
                "so a pulse would have passed before it is known to be too short",
                fix: "write at most the shorter delay")
            return nil
        }
        return Delay(on: on, off: off, minimum: minimum)
    }

    private func filter(_ fields: Fields) -> RCFilter? {
        require([("time-constant", "time-constant: 1ms")], in: fields)
        func threshold(_ key: String, _ usual: Double) -> Double? {
            guard fields[key] != nil else { return usual }
            return number(key, fields, in: 0.001...0.999, bounds: "from 0.001 to 0.999", example: "\(usual)")
        }
        // Of a Schmitt trigger.
        let low = threshold("low", 0.35)
        let high = threshold("high", 0.65)
        guard let constant = duration("time-constant", fields), let low, let high else { return nil }
        guard high >= low else {
            mistakes.add(
                fields.position(of: fields["high"] == nil ? "low" : "high"), "high is below low",
                fix: "write a share of the swing that is not below low")
            return nil
        }
        return RCFilter(timeConstant: constant, low: low, high: high)
    }
}
