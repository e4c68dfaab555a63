import TapCore

extension Reader {
    /// Amplitudes and offsets: far more than any plant has, and far from where sums lose their last digits.
    private static let largest = 1e12

    mutating func simulatedChannels(
        _ fields: Fields, _ positions: inout [String: FilePosition]
    ) -> [SimulatedChannel] {
        var scans: [String: Scan] = [:]
        let form = "- {name: plant.level, wave: constant, rate: 100, unit: V}"
        return list("channels", fields, form: form).map { node in simulatedChannel(node, &positions, &scans) }
    }

    /// How the channels of one ADC are scanned, by its first.
    private struct Scan {
        var rate_hz: Double
        var first: String
        var position: FilePosition
    }

    private mutating func simulatedChannel(
        _ node: Node, _ positions: inout [String: FilePosition], _ scans: inout [String: Scan]
    ) -> SimulatedChannel {
        let known = ["name", "wave", "rate", "unit", "offset", "amplitude", "frequency", "period", "bits"]
        var channel = SimulatedChannel(
            name: "", wave: .constant, rate_hz: 1, unit: "", offset: 0, amplitude: 0, period: .seconds(1), bits: 12)
        guard let fields = fields(node, of: "a simulated channel", known: known) else { return channel }
        require([("name", "name: plant.level"), ("wave", "wave: sine")], in: fields)
        let name = text("name", fields, .channelAddress)
        if let name {
            let position = fields.position(of: "name")
            if let first = positions[name] {
                mistakes.add(
                    position, "simulated channel \(quoted(name)) is given twice", "first at \(first.inFile)",
                    fix: "write another name")
            } else {
                positions[name] = position
            }
            channel.name = name
        }
        let declared = name.flatMap { channels[$0] }
        if declared?.unit == nil { require([("unit", "unit: V")], in: fields) }
        if declared?.rate_hz == nil { require([("rate", "rate: 100")], in: fields) }
        channel.unit = simulatedUnit(fields, declared) ?? ""
        if let rate = rate("rate", fields) ?? declared?.rate_hz {
            channel.rate_hz = rate
            checkScan(channel, fields, &scans)
        }
        let bounds = "from -1000000000000 to 1000000000000"
        channel.offset =
            number("offset", fields, in: -Self.largest...Self.largest, bounds: bounds, example: "5") ?? 0
        // Samples are kept in 32 bits.
        channel.bits = integer("bits", fields, in: 1...32, example: "12") ?? 12
        wave(fields, of: &channel)
        return channel
    }

    private mutating func simulatedUnit(_ fields: Fields, _ declared: DeclaredChannel?) -> String? {
        guard let unit = unit("unit", fields) else { return declared?.unit }
        if let declared, let other = declared.unit, other != unit {
            mistakes.add(
                fields.position(of: "unit"), "unit is \(unit)",
                "but the channel has unit \(other) at \(declared.position.inFile)", fix: "write \(other)")
        }
        return unit
    }

    private mutating func checkScan(
        _ channel: SimulatedChannel, _ fields: Fields, _ scans: inout [String: Scan]
    ) {
        guard let adc = channel.name.split(separator: ".").first.map(String.init) else { return }
        guard let scan = scans[adc] else {
            scans[adc] = Scan(rate_hz: channel.rate_hz, first: channel.name, position: fields.position)
            return
        }
        guard scan.rate_hz != channel.rate_hz else { return }
        mistakes.add(
            fields.position(of: "rate"), "rate is \(plain(channel.rate_hz))",
            "but channels of one ADC are scanned together, and \(quoted(scan.first)) at \(scan.position.inFile) has "
                + plain(scan.rate_hz), fix: "write \(plain(scan.rate_hz)), or another ADC in the name")
    }

    private mutating func wave(_ fields: Fields, of channel: inout SimulatedChannel) {
        guard let wave = choice("wave", fields, SimulatedChannel.Wave.allCases) else { return }
        channel.wave = wave
        if wave == .constant {
            refuse(
                ["amplitude", "frequency", "period"], in: fields, because: "because a constant channel never changes")
            return
        }
        require([("amplitude", "amplitude: 5")], in: fields)
        channel.amplitude =
            number("amplitude", fields, in: 0...Self.largest, bounds: "from 0 to 1000000000000", example: "5") ?? 0
        let frequency = rate("frequency", fields)
        let period = duration("period", fields)
        switch (fields["frequency"], fields["period"]) {
        case (nil, nil):
            mistakes.add(
                fields.position, "key 'frequency' or 'period' is missing in \(fields.owner)",
                fix: "add 'frequency: 0.1' or 'period: 10s'")
        case (.some, .some):
            mistakes.add(
                fields.keyPosition("period"), "key 'period' conflicts with 'frequency'",
                fix: "delete one of the two")
        default: break
        }
        if let period {
            channel.period = period
        } else if let frequency {
            // At most a nanosecond is lost: 3 Hz becomes 333,333,333 ns.
            channel.period = Nanoseconds(Int64((1e9 / frequency).rounded()))
        }
    }
}
