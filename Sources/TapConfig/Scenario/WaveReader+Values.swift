import TapCore

/// What waves of both kinds share.
extension WaveReader {
    /// The keys `low` and `high`, the second above the first.
    func lowAndHigh(_ fields: Fields) -> (Double, Double)? {
        require([("low", "low: 0"), ("high", "high: 10")], in: fields)
        guard let low = value("low", fields), let high = value("high", fields) else { return nil }
        return ordered(low, high, fields.position(of: "high"), "high")
    }

    /// The keys `period` or `frequency`.
    func period(_ fields: Fields) -> Nanoseconds? {
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

    func mainsFrequency(_ fields: Fields) -> Double {
        number("mains", fields, in: 1...1_000, bounds: "from 1 to 1000 (hertz)", example: "50") ?? 50
    }

    /// The keys `from` and `to`; without `from` from the begin, without `to` for ever.
    func span(_ fields: Fields) -> (Nanoseconds, Nanoseconds?)? {
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
    ///
    /// - Parameter known: nil: it is not known which it has.
    func signal(_ fields: Fields, _ kind: String, _ known: [String]?) -> String? {
        require([("signal", "signal: NAME")], in: fields)
        guard let node = fields["signal"], let name = text(node, "signal", .note) else { return nil }
        guard hasPlant else {
            mistakes.add(
                node.position, "signal \(quoted(name)) is of a plant, and the scenario has none",
                fix: "add 'plant: {kind: \(plantKinds.first ?? "NAME")}'")
            return nil
        }
        guard known?.contains(name) ?? true else {
            let near = nearestNames(to: name, in: known ?? [])
            mistakes.add(
                node.position, "the plant has no \(kind) signal \(quoted(name))",
                fix: near.isEmpty ? "it has none" : "write \(alternatives(near))")
            return nil
        }
        return name
    }
}
