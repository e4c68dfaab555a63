import TapCore

/// What waves of both kinds share.
extension Reader {
    /// Far more than any plant has, and far from where sums lose their last digits.
    private static let largest = 1e12

    mutating func value(_ key: String, _ fields: Fields, example: String = "5") -> Double? {
        number(
            key, fields, in: -Self.largest...Self.largest, bounds: "from -1000000000000 to 1000000000000",
            example: example)
    }

    mutating func size(_ key: String, _ fields: Fields, example: String = "1") -> Double? {
        number(key, fields, in: 0...Self.largest, bounds: "from 0 to 1000000000000", example: example)
    }

    /// Two numbers, the second above the first.
    mutating func pair(_ key: String, _ fields: Fields, example: String) -> (Double, Double)? {
        guard let node = fields[key] else { return nil }
        let bounds = "from -1000000000000 to 1000000000000"
        guard case .list(let items) = node.value, items.count == 2 else {
            if case .refused = node.value { return nil }
            mistakes.add(
                node.position, "\(key) is \(node.kind), where a list of two numbers is expected",
                fix: "write for example \(example)")
            return nil
        }
        let values = items.map { item in
            number(item, "an end of \(key)", in: -Self.largest...Self.largest, bounds: bounds, example: "0")
        }
        guard let low = values[0], let high = values[1] else { return nil }
        return ordered(low, high, items[1].position, "the second number of \(key)")
    }

    /// The keys `low` and `high`, the second above the first.
    mutating func lowAndHigh(_ fields: Fields) -> (Double, Double)? {
        require([("low", "low: 0"), ("high", "high: 10")], in: fields)
        guard let low = value("low", fields), let high = value("high", fields) else { return nil }
        return ordered(low, high, fields.position(of: "high"), "high")
    }

    private mutating func ordered(
        _ low: Double, _ high: Double, _ position: FilePosition, _ what: String
    ) -> (Double, Double)? {
        guard high > low else {
            mistakes.add(
                position, "\(what) is \(plain(high)), which is not above \(plain(low))", fix: "write a larger one")
            return nil
        }
        return (low, high)
    }

    /// The keys `period` or `frequency`.
    mutating func period(_ fields: Fields) -> Nanoseconds? {
        let frequency = rate("frequency", fields)
        let period = duration("period", fields)
        switch (fields["frequency"], fields["period"]) {
        case (nil, nil):
            mistakes.add(
                fields.position, "key 'period' or 'frequency' is missing in \(fields.owner)",
                fix: "add 'period: 10s' or 'frequency: 0.1'")
            return nil
        case (.some, .some):
            mistakes.add(
                fields.keyPosition("period") ?? fields.position, "key 'period' conflicts with 'frequency'",
                fix: "delete one of the two")
            return nil
        // At most a nanosecond is lost: 3 Hz becomes 333,333,333 ns.
        default: return period ?? frequency.map { Nanoseconds(Int64((1e9 / $0).rounded())) }
        }
    }

    mutating func mainsFrequency(_ fields: Fields) -> Double {
        number("mains", fields, in: 1...1_000, bounds: "from 1 to 1000 (hertz)", example: "50") ?? 50
    }

    /// Times that grow; empty where there are none.
    mutating func times(_ key: String, _ fields: Fields) -> [Nanoseconds] {
        var times: [Nanoseconds] = []
        for node in list(key, fields, form: "- 1s", atLeastOne: true) {
            guard let time = duration(node, "an item of \(key)", mayBeZero: true) else { continue }
            if let last = times.last, time <= last {
                mistakes.add(
                    node.position, "an item of \(key) is not later than the one before it",
                    fix: "write the times in order, each once")
                continue
            }
            times.append(time)
        }
        return times
    }

    /// The keys `from` and `to`; without `from` from the begin, without `to` for ever.
    mutating func span(_ fields: Fields) -> (Nanoseconds, Nanoseconds?)? {
        if fields["from"] == nil, fields["to"] == nil {
            mistakes.add(
                fields.position, "keys 'from' and 'to' are missing in \(fields.owner)",
                fix: "add 'from: 1s' or 'to: 2s'")
            return nil
        }
        let from = fields["from"] == nil ? .zero : duration("from", fields, mayBeZero: true)
        guard let from else { return nil }
        guard fields["to"] != nil else { return (from, nil) }
        guard let to = duration("to", fields) else { return nil }
        guard to > from else {
            mistakes.add(fields.position(of: "to"), "to is not later than from", fix: "write a later time")
            return nil
        }
        return (from, to)
    }

    /// The wave at `of`.
    mutating func operand(_ fields: Fields) -> DigitalWave? {
        require([("of", "of: {wave: square, period: 1s}")], in: fields)
        return fields["of"].flatMap { digitalWave($0) }
    }

    /// The waves at `of`.
    mutating func operands(_ fields: Fields) -> [DigitalWave] {
        require([("of", "of: [{wave: square, period: 1s}, {wave: square, period: 3s}]")], in: fields)
        return list("of", fields, form: "- {wave: square, period: 1s}", atLeastOne: true).compactMap { digitalWave($0) }
    }

    /// The name at `signal`, if the plant has it.
    mutating func signal(_ fields: Fields, _ kind: String, _ known: [String]) -> String? {
        require([("signal", "signal: NAME")], in: fields)
        guard let node = fields["signal"], let name = text(node, "signal", .note) else { return nil }
        guard waves.hasPlant else {
            mistakes.add(
                node.position, "signal \(quoted(name)) is of a plant, and the scenario has none",
                fix: "add 'plant: {kind: pump-station}'")
            return nil
        }
        guard known.contains(name) else {
            let near = nearestNames(to: name, in: known)
            mistakes.add(
                node.position, "the plant has no \(kind) signal \(quoted(name))",
                fix: near.isEmpty ? "it has none" : "write \(alternatives(near))")
            return nil
        }
        return name
    }
}
