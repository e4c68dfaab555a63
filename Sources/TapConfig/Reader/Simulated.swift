import TapCore

extension Reader {
    /// What stands under `simulated`; nil on any other board.
    mutating func simulated(_ fields: Fields) -> SimulatedWires? {
        guard let node = fields["simulated"] else {
            if provenance == .simulated {
                mistakes.add(
                    fields.position(of: "provenance"), "provenance is simulated, but key 'simulated' is missing",
                    "which describes the signals",
                    fix: "add 'simulated: {lines: [{name: MOTOR, wave: square, period: 1s}]}'")
            }
            return nil
        }
        if let provenance, provenance != .simulated {
            mistakes.add(
                fields.keyPosition("simulated"),
                "key 'simulated' on a board whose provenance is \(provenance.rawValue)",
                "whose lines are real", fix: "delete it, or write 'provenance: simulated'")
            return nil
        }
        guard let wires = self.fields(node, of: "simulated", known: ["lines", "channels"]) else { return nil }
        if wires["lines"] == nil, wires["channels"] == nil {
            mistakes.add(
                node.position, "simulated has neither lines nor channels",
                fix: "add 'lines: [{name: MOTOR, wave: square, period: 1s}]'")
        }
        var positions: [String: FilePosition] = [:]
        // Channels first: a line may not be called like one.
        let channels = simulatedChannels(wires, &positions)
        var lineNames: Set<String> = []
        let lines = list("lines", wires, form: "- {name: MOTOR, wave: square, period: 1s}").map { node in
            simulatedLine(node, &positions, &lineNames)
        }
        requireWaves(lineNames, positions)
        return SimulatedWires(lines: lines, channels: channels)
    }

    /// What is declared on a simulated board and has no wave could never be listened to.
    private mutating func requireWaves(_ lineNames: Set<String>, _ positions: [String: FilePosition]) {
        for (name, position) in lines.sorted(by: { $0.value < $1.value }) where !lineNames.contains(name) {
            mistakes.add(
                position, "line \(quoted(name)) has no wave under simulated",
                fix: "add '{name: \(printable(name)), wave: constant}' there, or delete the line")
        }
        for (name, channel) in channels.sorted(by: { $0.value.position < $1.value.position })
        where positions[name] == nil {
            mistakes.add(
                channel.position, "channel \(quoted(name)) has no wave under simulated",
                fix: "add '{name: \(printable(name)), wave: constant}' there, or delete the channel")
        }
    }

    private mutating func simulatedLine(
        _ node: Node, _ positions: inout [String: FilePosition], _ names: inout Set<String>
    ) -> SimulatedLine {
        let known = ["name", "wave", "start", "period", "duty", "phase", "pulses", "width", "every"]
        guard let fields = fields(node, of: "a simulated line", known: known) else {
            return SimulatedLine(name: "", wave: .constant)
        }
        require([("name", "name: MOTOR"), ("wave", "wave: square")], in: fields)
        let name = text("name", fields, .lineName)
        if let name {
            let position = fields.position(of: "name")
            if !names.insert(name).inserted {
                let first = positions[name].map { "first at \($0.inFile)" } ?? ""
                mistakes.add(
                    position, "simulated line \(quoted(name)) is given twice", first, fix: "write another name")
            } else if let channel = positions[name] {
                mistakes.add(
                    position, "line name \(quoted(name)) is also a channel", "at \(channel.inFile)",
                    fix: "write another name")
            } else {
                positions[name] = position
            }
        }
        let startsHigh = choice("start", fields, StartLevel.allCases) == .high
        return SimulatedLine(name: name ?? "", startsHigh: startsHigh, wave: lineWave(fields) ?? .constant)
    }

    private enum StartLevel: String, CaseIterable { case low, high }
    private enum LineWave: String, CaseIterable {
        case square
        case pulseTrain = "pulse-train"
        case constant
    }

    private mutating func lineWave(_ fields: Fields) -> SimulatedLine.Wave? {
        guard let wave = choice("wave", fields, LineWave.allCases) else { return nil }
        switch wave {
        case .constant:
            refuse(
                ["period", "duty", "phase", "pulses", "width", "every"], in: fields,
                because: "because a constant line never changes")
            return .constant
        case .square:
            refuse(["pulses", "width", "every"], in: fields, because: "because only a pulse-train has it")
            require([("period", "period: 1s")], in: fields)
            return square(fields)
        case .pulseTrain:
            refuse(
                ["duty"], in: fields, because: "because a pulse lasts as long as 'width' says")
            require([("width", "width: 1ms"), ("every", "every: 1s")], in: fields)
            return pulseTrain(fields)
        }
    }

    private mutating func square(_ fields: Fields) -> SimulatedLine.Wave? {
        let period = duration("period", fields)
        // Above 0 and below 1; each level then lasts a nanosecond or more.
        let between = Double.leastNonzeroMagnitude...(1.0).nextDown
        let duty =
            fields["duty"] == nil ? 0.5 : number("duty", fields, in: between, bounds: "between 0 and 1", example: "0.5")
        let phase = duration("phase", fields, mayBeZero: true) ?? .zero
        guard let period, let duty else { return nil }
        let high = (Double(period.count) * duty).rounded()
        if high < 1 || high > Double(period.count) - 1 {
            mistakes.add(
                fields.position(of: fields["duty"] == nil ? "period" : "duty"),
                "high or low part of the period is shorter than a nanosecond", fix: "write a longer period")
            return nil
        }
        return .square(period: period, duty: duty, phase: phase)
    }

    private mutating func pulseTrain(_ fields: Fields) -> SimulatedLine.Wave? {
        let pulses = fields["pulses"] == nil ? 1 : integer("pulses", fields, in: 1...Int.max, example: "5")
        let width = duration("width", fields)
        let every = duration("every", fields)
        let phase = duration("phase", fields, mayBeZero: true) ?? .zero
        guard let pulses, let width, let every else { return nil }
        var spacing = width + width
        if fields["period"] != nil {
            guard let period = duration("period", fields) else { return nil }
            spacing = period
        }
        guard spacing > width else {
            mistakes.add(
                fields.position(of: "period"), "pulses of 'width' do not fit into 'period'",
                fix: "write a time longer than 'width'")
            return nil
        }
        let (group, isHuge) = spacing.count.multipliedReportingOverflow(by: Int64(pulses))
        guard !isHuge, group <= every.count else {
            let most = every.count / spacing.count
            mistakes.add(
                fields.position(of: "every"),
                "\(pulses) pulse\(pulses == 1 ? "" : "s") and as many pauses of 'width' do not fit into 'every'",
                fix: most > 0
                    ? "write a longer time, or at most \(most) pulses" : "write a time of twice the width or longer")
            return nil
        }
        return .pulseTrain(pulses: pulses, width: width, spacing: spacing, every: every, phase: phase)
    }
}
