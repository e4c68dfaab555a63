import TapCore

extension BoardReader {
    /// What stands under `adcs`.
    mutating func adcs(_ fields: Fields) -> [BoardADC] {
        var firsts: [String: FilePosition] = [:]
        let form = "- {name: ads1115, device: ads1015, how: buffered, channels: [...]}"
        return list("adcs", fields, form: form).map { node in adc(node, &firsts) }
    }

    private mutating func adc(_ node: Node, _ firsts: inout [String: FilePosition]) -> BoardADC {
        let known = [
            "name", "device", "driver", "context", "how", "timestamped", "simultaneous", "one-channel-per-buffer",
            "max-rate", "rate", "trigger", "fitted", "channels", "note",
        ]
        guard let fields = fields(node, of: "an ADC", known: known) else {
            return BoardADC(name: "", device: "", method: .polled)
        }
        require(
            [
                ("name", "name: ads1115"), ("how", "how: buffered"),
                ("channels", "channels: [{name: AIN0, channel: voltage0, unit: V}]"),
            ], in: fields)
        if provenance == .hardware || provenance == .emulatedKernel {
            require([("device", "device: ads1015")], in: fields)
        }
        let name = text("name", fields, .channelName)
        if let name {
            let position = fields.position(of: "name")
            if let first = firsts[name] {
                mistakes.add(
                    position, "ADC name \(quoted(name)) is used twice", "first at \(first.inFile)",
                    fix: "write another name")
            } else {
                firsts[name] = position
            }
        }
        let method = choice("how", fields, [DeviceInfo.Method.buffered, .polled]) ?? .polled
        var adc = BoardADC(name: name ?? "", device: text("device", fields, .device) ?? "", method: method)
        adc.driver = text("driver", fields, .driver) ?? ""
        adc.context = text("context", fields, .context) ?? "local:"
        adc.isTimestamped = boolean("timestamped", fields) ?? false
        adc.isSimultaneous = boolean("simultaneous", fields) ?? false
        adc.isOneChannelPerBuffer = boolean("one-channel-per-buffer", fields) ?? false
        adc.maximumRate_hz = rate("max-rate", fields)
        adc.rate_hz = rate("rate", fields)
        adc.trigger = text("trigger", fields, .trigger)
        adc.isFitted = boolean("fitted", fields) ?? false
        adc.note = text("note", fields, .note) ?? ""
        check(adc, fields)
        adc.channels = channels(fields, of: adc)
        return adc
    }

    private mutating func check(_ adc: BoardADC, _ fields: Fields) {
        if adc.method == .polled, fields["how"] != nil {
            let why = "because a polled ADC has no buffer"
            refuse(["trigger", "one-channel-per-buffer"], in: fields, because: why)
            if adc.isTimestamped {
                mistakes.add(
                    fields.position(of: "timestamped"), "timestamped is true", "but a polled ADC has no buffer",
                    fix: "write false, or how: buffered")
            }
        }
        if let rate = adc.rate_hz, let maximum = adc.maximumRate_hz, rate > maximum {
            mistakes.add(
                fields.position(of: "rate"), "rate \(plain(rate)) is above max-rate", "which is \(plain(maximum))",
                fix: "write at most \(plain(maximum))")
        }
    }

    private mutating func channels(_ fields: Fields, of adc: BoardADC) -> [BoardChannel] {
        var firsts: [String: FilePosition] = [:]
        let form = "- {name: AIN0, channel: voltage0, unit: V}"
        return list("channels", fields, form: form, atLeastOne: true).map { node in
            let known = ["name", "channel", "unit", "pin", "note"]
            guard let channel = self.fields(node, of: "a channel", known: known) else {
                return BoardChannel(name: "", channel: "", unit: "")
            }
            require([("name", "name: AIN0"), ("unit", "unit: V")], in: channel)
            if provenance == .hardware || provenance == .emulatedKernel {
                require([("channel", "channel: voltage0")], in: channel)
            }
            let name = text("name", channel, .channelName)
            let id = text("channel", channel, .iioChannel)
            let unit = unit("unit", channel)
            if let name, !adc.name.isEmpty {
                declare(
                    "\(adc.name).\(name)",
                    DeclaredChannel(position: channel.position(of: "name"), unit: unit))
            }
            if let id {
                let position = channel.position(of: "channel")
                if let first = firsts[id] {
                    mistakes.add(
                        position, "channel \(quoted(id)) is used twice in one ADC", "first at \(first.inFile)",
                        fix: "delete one of the two")
                }
                firsts[id] = position
            }
            return BoardChannel(
                name: name ?? "", channel: id ?? "", unit: unit ?? "", pin: text("pin", channel, .pin) ?? "",
                note: text("note", channel, .note) ?? "")
        }
    }

    private mutating func declare(_ address: String, _ channel: DeclaredChannel) {
        if let first = channels[address] {
            mistakes.add(
                channel.position, "channel \(quoted(address)) is declared twice", "first at \(first.position.inFile)",
                fix: "write another name")
        } else {
            channels[address] = channel
        }
    }
}
