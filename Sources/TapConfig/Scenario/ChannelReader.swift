import TapCore

/// Makes a claim channel of what stands under `channel`.
struct ChannelReader: DocumentReader {
    let mistakes: MistakeList
    /// Of what there are claims.
    let tags: [String]

    private enum Order: String, CaseIterable { case kept, free }

    static let keys = ["delay", "loss", "duplicates", "repeats", "order", "clock", "by-exception"]

    /// nil: there is none, or a mistake.
    func channel(_ fields: Fields) -> ClaimChannel? {
        guard let node = fields["channel"] else { return nil }
        guard !tags.isEmpty else {
            refuse(["channel"], in: fields, because: "because nothing is claimed")
            return nil
        }
        guard let fields = self.fields(node, of: "the channel", known: Self.keys) else { return nil }
        var channel = ClaimChannel()
        channel.delay = delay(fields)
        channel.loss = share("loss", fields)
        channel.duplicates = share("duplicates", fields)
        channel.repeats = share("repeats", fields)
        channel.keepsOrder = choice("order", fields, Order.allCases) != .free
        channel.clock = clock(fields)
        channel.byException = byException(fields)
        return channel
    }

    private func share(_ key: String, _ fields: Fields) -> Double {
        number(key, fields, in: 0...1, bounds: "from 0 to 1", example: "0.01") ?? 0
    }

    private func delay(_ fields: Fields) -> ClaimChannel.Delay {
        var delay = ClaimChannel.Delay()
        guard let node = fields["delay"],
            let fields = self.fields(node, of: "the delay", known: ["fixed", "jitter", "tail", "tail-share"])
        else { return delay }
        let range = Nanoseconds.zero ... .seconds(600)
        delay.fixed = duration("fixed", fields, within: range) ?? .zero
        delay.jitter = duration("jitter", fields, within: range) ?? .zero
        delay.tail = duration("tail", fields, within: range) ?? .zero
        delay.tailShare = share("tail-share", fields)
        if fields["tail"] != nil { require([("tail-share", "tail-share: 0.01")], in: fields) }
        if fields["tail-share"] != nil { require([("tail", "tail: 2s")], in: fields) }
        return delay
    }

    private func clock(_ fields: Fields) -> ClaimChannel.Clock? {
        guard let node = fields["clock"],
            let fields = self.fields(node, of: "the channel's clock", known: ["offset-s", "drift-ppm"])
        else { return nil }
        var clock = ClaimChannel.Clock()
        let day = 86_400.0
        clock.offset_s =
            number("offset-s", fields, in: -day...day, bounds: "from -86400 to 86400", example: "0.2") ?? 0
        clock.drift_ppm =
            number("drift-ppm", fields, in: -1_000...1_000, bounds: "from -1000 to 1000", example: "20") ?? 0
        return clock
    }

    private func byException(_ fields: Fields) -> ClaimChannel.ByException? {
        guard let node = fields["by-exception"],
            let fields = self.fields(node, of: "by-exception", known: ["silence", "dead-bands"])
        else { return nil }
        require([("silence", "silence: 1min")], in: fields)
        guard let silence = duration("silence", fields) else { return nil }
        var result = ClaimChannel.ByException(silence: silence)
        if let node = fields["dead-bands"], let bands = self.fields(node, of: "dead-bands", known: tags) {
            for tag in tags { result.deadBands[tag] = size(tag, bands, example: "0.01") }
        }
        return result
    }
}
