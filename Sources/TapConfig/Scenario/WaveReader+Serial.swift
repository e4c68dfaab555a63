import TapCore

/// Waves of serial lines.
extension WaveReader {
    private static let mostBytes = 4_096

    func serial(_ kind: String, _ fields: Fields) -> DigitalWave? {
        require([("baud", "baud: 9600")], in: fields)
        let baud = integer("baud", fields, in: 1...50_000_000, example: "9600")
        let frame = fields["frame"] == nil ? ("8", SerialTalk.Parity.none, 2) : frame(fields)
        let message = kind == "uart" ? bytes(fields) : modbus(fields)
        let at = fields["at"] == nil ? .zero : duration("at", fields, mayBeZero: true)
        guard let baud, let frame, let message, let at, let dataBits = Int(frame.0) else { return nil }
        var talk = SerialTalk(
            baud: baud, dataBits: dataBits, parity: frame.1, stopHalfBits: frame.2, message, at: at)
        talk.isInverted = kind == "uart" && boolean("inverted", fields) ?? false
        checkPause(talk, fields)
        guard fields["every"] != nil else { return .serial(talk) }
        guard let every = duration("every", fields) else { return nil }
        guard every >= talk.length else {
            mistakes.add(
                fields.position(of: "every"),
                "the message takes \(DurationText.exact(talk.length)), which is longer than 'every'",
                fix: "write a longer time")
            return nil
        }
        talk.every = every
        return .serial(talk)
    }

    /// Data bits, parity and length of the stop bits, as 8n1 or 7e1.5.
    private func frame(_ fields: Fields) -> (String, SerialTalk.Parity, Int)? {
        guard let node = fields["frame"], let (text, _) = scalar(node, "frame", meant: "a frame", example: "8n1") else {
            return nil
        }
        let stops = ["1": 2, "1.5": 3, "2": 4]
        let data = text.prefix(1)
        if let stop = stops[String(text.dropFirst(2))], ["5", "6", "7", "8", "9"].contains(data),
            let parity = SerialTalk.Parity(rawValue: String(text.dropFirst().prefix(1)))
        {
            return (String(data), parity, stop)
        }
        mistakes.add(
            node.position, "frame \(quoted(text)) is not valid",
            "which is 5 to 9 data bits, the parity n, e or o, and 1, 1.5 or 2 stop bits", fix: "write for example 8n1")
        return nil
    }

    private func bytes(_ fields: Fields) -> SerialTalk.Message? {
        switch (fields["text"], fields["bytes"]) {
        case (.some, .some), (nil, nil):
            let isNone = fields["text"] == nil
            mistakes.add(
                fields.keyPosition("bytes") ?? fields.position,
                isNone
                    ? "key 'text' or 'bytes' is missing in \(fields.owner)"
                    : "key 'bytes' conflicts with 'text'",
                fix: isNone ? "add 'text: \"hello\"' or 'bytes: [1, 2]'" : "delete one of the two")
            return nil
        case (.some, nil):
            return text("text", fields, .note).map { .bytes(Array($0.utf8)) }
        case (nil, .some):
            let values = numbers("bytes", fields, 0...255, most: Self.mostBytes)
            return values.map { .bytes($0.map { UInt8($0) }) }
        }
    }

    /// Whole numbers of a list that has some.
    private func numbers(
        _ key: String, _ fields: Fields, _ range: ClosedRange<Int>, most: Int
    ) -> [Int]? {
        var values: [Int] = []
        for node in list(key, fields, form: "- \(range.upperBound)", atLeastOne: true) {
            guard let value = integer(node, "an item of \(key)", example: "\(range.upperBound)") else { return nil }
            guard range.contains(value) else {
                mistakes.add(
                    node.position, "an item of \(key) is \(value)",
                    fix: "write \(range.lowerBound) to \(range.upperBound)")
                return nil
            }
            values.append(value)
        }
        guard values.count <= most else {
            mistakes.add(
                fields.position(of: key), "\(key) has \(values.count) items", "where \(most) are the maximum",
                fix: "write fewer")
            return nil
        }
        return values.isEmpty ? nil : values
    }

    private func modbus(_ fields: Fields) -> SerialTalk.Message? {
        require([("server", "server: 1"), ("function", "function: 3"), ("values", "values: [1200, 17]")], in: fields)
        let server = integer("server", fields, in: 1...247, example: "1")
        let address = fields["address"] == nil ? 0 : integer("address", fields, in: 0...65_535, example: "0")
        let exception = integer("exception", fields, in: 1...255, example: "2")
        let after = fields["answer-after"] == nil ? .milliseconds(10) : duration("answer-after", fields)
        guard let function = integer("function", fields, in: 1...16, example: "3") else { return nil }
        guard [1, 2, 3, 4, 5, 6, 15, 16].contains(function) else {
            mistakes.add(
                fields.position(of: "function"), "function \(function) is not supported",
                fix: "write 1 to 6, 15 or 16")
            return nil
        }
        let isBits = [1, 2, 5, 15].contains(function)
        let values = numbers(
            "values", fields, isBits ? 0...1 : 0...65_535, most: ModbusExchange.maximumCount(function))
        guard let server, let address, let after, let values else { return nil }
        guard address + values.count <= 65_536 else {
            mistakes.add(
                fields.position(of: "address"), "the last of the values would be at \(address + values.count - 1)",
                "where 65535 is the last", fix: "write a lower address")
            return nil
        }
        let exchange = ModbusExchange(
            server: UInt8(server), function: function, address: UInt16(address), values: values.map { UInt16($0) },
            exception: exception.map { UInt8($0) })
        return .modbus(exchange, answerAfter: after)
    }

    /// Frames are separated by the silence between them: three and a half characters, 1.75 ms above 19,200 bits a
    /// second (MODBUS over Serial Line V1.02, 2.5.1.1).
    private func checkPause(_ talk: SerialTalk, _ fields: Fields) {
        guard case .modbus(_, let answerAfter) = talk.message else { return }
        let shortest =
            talk.baud > 19_200 ? .microseconds(1_750) : Nanoseconds(talk.span(ofCharacters: 7).count / 2)
        guard answerAfter < shortest else { return }
        mistakes.add(
            fields.position(of: "answer-after"),
            "the answer comes \(DurationText.exact(answerAfter)) after the request",
            "which ends only after a silence of \(DurationText.exact(shortest))", fix: "write a longer time")
    }
}
