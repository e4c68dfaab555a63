import TapCore

/// What each kind of analog wave is made of.
extension WaveReader {
    /// - Parameter hasUnit: the key `unit` belongs to the wave, not to its channel.
    mutating func analogWave(named kind: String, _ fields: Fields, _ hasUnit: Bool) -> UnitWave? {
        var unit: (name: String, position: FilePosition)?
        if hasUnit, fields["unit"] != nil { unit = self.unit("unit", fields).map { ($0, fields.position(of: "unit")) } }
        if let wave = leaf(kind, fields) { return wave.map { UnitWave(wave: $0, unit: unit) } }
        switch kind {
        case "signal": return analogSignal(fields)
        case "sum": return sum(fields)
        case "follow":
            guard let of = operand(fields), let (low, high) = lowAndHigh(fields) else { return nil }
            let timeConstant = duration("time-constant", fields, mayBeZero: true) ?? .zero
            return UnitWave(wave: .follow(of, low: low, high: high, timeConstant: timeConstant), unit: unit)
        default:
            require([("of", "of: {wave: sine, amplitude: 1, period: 1s}")], in: fields)
            guard let of = fields["of"].flatMap({ analogWave($0) }) else { return nil }
            return changed(kind, of, unit, fields)
        }
    }

    /// What is made of no other wave; nil: it is not of this kind, and an inner nil: it has a mistake.
    private func leaf(_ kind: String, _ fields: Fields) -> AnalogWave?? {
        switch kind {
        case "dc":
            require([("value", "value: 5")], in: fields)
            return .some(value("value", fields).map { .constant($0) })
        case "sine": return .some(periodic(.sine, fields))
        case "ramp": return .some(periodic(.ramp, fields))
        case "triangle": return .some(periodic(.triangle, fields))
        case "square":
            let duty =
                number("duty", fields, in: 0...1, bounds: "from 0 to 1", example: "0.5") ?? 0.5
            return .some(periodic(.square(duty: duty), fields))
        case "step": return .some(step(fields))
        case "noise", "pink-noise":
            require([("deviation", "deviation: 0.01")], in: fields)
            let deviation = size("deviation", fields, example: "0.01")
            return .some(deviation.map { kind == "noise" ? .noise(deviation: $0) : .pinkNoise(deviation: $0) })
        case "mains": return .some(mains(fields))
        case "drift":
            require([("per-hour", "per-hour: 0.1")], in: fields)
            let limit = size("limit", fields)
            return .some(value("per-hour", fields).map { .drift(perSecond: $0 / 3_600, limit: limit) })
        case "spikes":
            require(
                [("amplitude", "amplitude: 1"), ("mean-interval", "mean-interval: 10s"), ("decay", "decay: 5ms")],
                in: fields)
            guard let amplitude = size("amplitude", fields), let interval = duration("mean-interval", fields),
                let decay = duration("decay", fields)
            else { return .some(nil) }
            return .some(.spikes(Spikes(amplitude: amplitude, meanInterval: interval, decay: decay)))
        default: return nil
        }
    }

    private func periodic(_ shape: Periodic.Shape, _ fields: Fields) -> AnalogWave? {
        require([("amplitude", "amplitude: 5")], in: fields)
        let offset = value("offset", fields) ?? 0
        let phase = duration("phase", fields, mayBeZero: true) ?? .zero
        guard let amplitude = size("amplitude", fields, example: "5"), let period = period(fields) else { return nil }
        return .periodic(Periodic(shape, offset: offset, amplitude: amplitude, period: period, phase: phase))
    }

    private enum Response: String, CaseIterable { case none, first, second }

    private func step(_ fields: Fields) -> AnalogWave? {
        require([("from", "from: 0"), ("to", "to: 5"), ("at", "at: 1s")], in: fields)
        var response = Step.Response.none
        switch choice("response", fields, Response.allCases) ?? .none {
        case .none:
            refuse(
                ["time-constant", "natural-period", "damping"], in: fields, because: "because the step has no response")
        case .first:
            refuse(["natural-period", "damping"], in: fields, because: "because only a second-order response has it")
            require([("time-constant", "time-constant: 500ms")], in: fields)
            guard let constant = duration("time-constant", fields) else { return nil }
            response = .first(timeConstant: constant)
        case .second:
            refuse(["time-constant"], in: fields, because: "because only a first-order response has it")
            require([("natural-period", "natural-period: 1s"), ("damping", "damping: 0.3")], in: fields)
            let damping = number("damping", fields, in: 0.001...1_000, bounds: "from 0.001 to 1000", example: "0.3")
            guard let period = duration("natural-period", fields), let damping else { return nil }
            response = .second(period: period, damping: damping)
        }
        guard let from = value("from", fields), let to = value("to", fields),
            let at = duration("at", fields, mayBeZero: true)
        else { return nil }
        return .step(Step(from: from, to: to, at: at, response: response))
    }

    private func mains(_ fields: Fields) -> AnalogWave? {
        require([("amplitude", "amplitude: 0.01")], in: fields)
        let period = Nanoseconds(Int64((1e9 / mainsFrequency(fields)).rounded()))
        let phase = duration("phase", fields, mayBeZero: true) ?? .zero
        guard let amplitude = size("amplitude", fields, example: "0.01") else { return nil }
        var parts = [AnalogWave.periodic(Periodic(.sine, amplitude: amplitude, period: period, phase: phase))]
        for node in list("harmonics", fields, form: "- {order: 3, share: 0.2}") {
            guard let harmonic = self.fields(node, of: "a harmonic", known: ["order", "share"]) else { continue }
            require([("order", "order: 3"), ("share", "share: 0.2")], in: harmonic)
            let share = number("share", harmonic, in: 0...100, bounds: "from 0 to 100", example: "0.2")
            guard let order = integer("order", harmonic, in: 2...100, example: "3"), let share else { continue }
            parts.append(
                .periodic(
                    Periodic(
                        .sine, amplitude: amplitude * share, period: Nanoseconds(period.count / Int64(order)),
                        phase: phase)))
        }
        return parts.count == 1 ? parts[0] : .sum(parts)
    }

    private func analogSignal(_ fields: Fields) -> UnitWave? {
        let known = plant?.analogSignals
        guard let name = signal(fields, "analog", known?.map(\.name)) else { return nil }
        return UnitWave(
            wave: .signal(name), unit: known?.first { $0.name == name }.map { ($0.unit, fields.position(of: "signal")) }
        )
    }

    private mutating func sum(_ fields: Fields) -> UnitWave? {
        require([("of", "of: [{wave: dc, value: 5}, {wave: noise, deviation: 0.1}]")], in: fields)
        var parts: [AnalogWave] = []
        var unit: (name: String, position: FilePosition)?
        for node in list("of", fields, form: "- {wave: noise, deviation: 0.1}", atLeastOne: true) {
            guard let part = analogWave(node) else { continue }
            parts.append(part.wave)
            guard let other = part.unit else { continue }
            if let first = unit, first.name != other.name {
                mistakes.add(
                    node.position, "\(other.name) is added to \(first.name)",
                    "which \(first.position.inFile) says of another part of the sum",
                    fix:
                        "write a wave in \(first.name), or bring it to that with 'wave: scale' and 'unit: \(first.name)'"
                )
            } else if unit == nil {
                unit = other
            }
        }
        return parts.isEmpty ? nil : UnitWave(wave: .sum(parts), unit: unit)
    }

    /// What is made of one other analog wave.
    private func changed(
        _ kind: String, _ of: UnitWave, _ unit: (name: String, position: FilePosition)?, _ fields: Fields
    ) -> UnitWave? {
        switch kind {
        case "scale":
            let factor = fields["factor"] == nil ? 1 : value("factor", fields, example: "0.1")
            guard let factor else { return nil }
            let offset = value("offset", fields) ?? 0
            return UnitWave(wave: .scale(of.wave, factor: factor, offset: offset), unit: unit ?? of.unit)
        case "saturate":
            guard let (low, high) = lowAndHigh(fields) else { return nil }
            return UnitWave(wave: .saturate(of.wave, low: low, high: high), unit: of.unit)
        case "between":
            guard let (from, to) = span(fields) else { return nil }
            var holds: [AnalogWave.Hold] = []
            if from > .zero { holds.append(AnalogWave.Hold(from: .zero, to: from, value: 0)) }
            if let to { holds.append(AnalogWave.Hold(from: to, to: nil, value: 0)) }
            return UnitWave(wave: .held(of.wave, holds), unit: of.unit)
        case "stuck":
            guard let (from, to) = span(fields) else { return nil }
            let value = value("value", fields)
            return UnitWave(wave: .held(of.wave, [AnalogWave.Hold(from: from, to: to, value: value)]), unit: of.unit)
        case "loop": return loop(of, fields)
        default:
            guard let (low, high) = lowAndHigh(fields) else { return nil }
            let factor = 10 / (high - low)
            // An output stage cannot leave its supply.
            let volts = AnalogWave.scale(of.wave, factor: factor, offset: -low * factor)
            return UnitWave(wave: .saturate(volts, low: 0, high: 10), unit: ("V", fields.position(of: "wave")))
        }
    }

    /// A two-wire transmitter: 4 mA at `low`, 20 mA at `high`; a value beyond the range is signalled up to 3.8 and 20.5 mA,
    /// a failure of the transmitter by 3.6 mA or less, or 21 mA or more (NAMUR NE 43).
    private func loop(_ of: UnitWave, _ fields: Fields) -> UnitWave? {
        guard let (low, high) = lowAndHigh(fields) else { return nil }
        let factor = 0.016 / (high - low)
        let scaled = AnalogWave.scale(of.wave, factor: factor, offset: 0.004 - low * factor)
        // A plant's signal is what the transmitter says, its failures and its loss of power included.
        let current = of.wave.isSignal ? AnalogWave.transmitted(scaled) : .saturate(scaled, low: 0.0038, high: 0.0205)
        var holds: [AnalogWave.Hold] = []
        for node in list("failures", fields, form: "- {from: 10s, to: 20s, current: 0.0035}") {
            guard let failure = self.fields(node, of: "a failure", known: ["from", "to", "current"]),
                let (from, to) = span(failure)
            else { continue }
            let value =
                failure["current"] == nil
                ? 0.0035
                : number(
                    "current", failure, in: 0...0.1, bounds: "from 0 to 0.1 (ampere)", example: "0.0035")
            guard let value else { continue }
            if value > 0.0036, value < 0.021 {
                mistakes.add(
                    failure.position(of: "current"), "current \(plain(value)) A is one of measurement",
                    "where NAMUR NE 43 signals a failure by 0.0036 A or less, or 0.021 A or more",
                    fix: "write for example 0.0035 or 0.0215")
            }
            if let last = holds.last, last.to.map({ $0 > from }) ?? true {
                mistakes.add(
                    failure.position, "a failure begins before the one before it is over", fix: "write them in order")
                continue
            }
            holds.append(AnalogWave.Hold(from: from, to: to, value: value))
        }
        return UnitWave(
            wave: holds.isEmpty ? current : .held(current, holds), unit: ("A", fields.position(of: "wave")))
    }
}
