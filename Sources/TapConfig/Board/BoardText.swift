public import TapCore

extension BoardFile {
    /// The text of a board file, which `parse` reads as this board again.
    ///
    /// - Parameter board: one that keeps the rules of board files, without a bench; no signals of a simulated one.
    public static func text(of board: Board) -> String {
        var text = "tap-board: 1\n"
        text += "name: \(YAMLText.scalar(board.name))\ntitle: \(YAMLText.scalar(board.title))\n"
        text += "provenance: \(board.provenance.rawValue)\n"
        if !board.compatible.isEmpty {
            text += "machine:\n  compatible: [\(board.compatible.map(YAMLText.quoted).joined(separator: ", "))]\n"
        }
        text += list("sources", board.sources.map(YAMLText.quoted)) + list("notes", board.notes.map(YAMLText.quoted))
        text += list(
            "chips",
            board.chips.map { chip in
                YAMLText.map([
                    ("label", YAMLText.scalar(chip.label)), ("lines", "\(chip.lines)"),
                    ("slow", chip.isSlow ? "true" : nil),
                ])
            })
        text += list("lines", board.lines.map(line))
        if !board.adcs.isEmpty { text += "adcs:\n" + board.adcs.map(adc).joined() }
        return text
    }

    private static func list(_ key: String, _ items: [String]) -> String {
        items.isEmpty ? "" : "\(key):\n" + items.map { "  - \($0)\n" }.joined()
    }

    private static func line(_ line: BoardLine) -> String {
        let options = line.options
        return YAMLText.map([
            ("name", YAMLText.scalar(line.name)), ("chip", line.chip.isEmpty ? nil : YAMLText.scalar(line.chip)),
            ("offset", line.chip.isEmpty ? nil : "\(line.offset)"), ("pin", YAMLText.some(line.pin)),
            ("function", YAMLText.some(line.function)),
            ("bias", options.bias == .asIs ? nil : options.bias.rawValue),
            ("active-low", options.isActiveLow ? "true" : nil),
            ("edges", options.edges == .both ? nil : options.edges.rawValue),
            ("debounce", options.debounce == .zero ? nil : "\(options.debounce.count / 1_000)us"),
            ("note", YAMLText.some(line.note)),
        ])
    }

    private static func adc(_ adc: BoardADC) -> String {
        let members: [(String, String?)] = [
            ("device", YAMLText.some(adc.device)), ("driver", YAMLText.some(adc.driver)),
            ("context", YAMLText.quoted(adc.context)), ("how", adc.method.rawValue),
            ("timestamped", adc.isTimestamped ? "true" : nil), ("simultaneous", adc.isSimultaneous ? "true" : nil),
            ("one-channel-per-buffer", adc.isOneChannelPerBuffer ? "true" : nil),
            ("max-rate", adc.maximumRate_hz.map(plain)), ("rate", adc.rate_hz.map(plain)),
            ("trigger", adc.trigger.map(YAMLText.scalar)), ("fitted", adc.isFitted ? "true" : nil),
            ("note", YAMLText.some(adc.note)),
        ]
        let channels = adc.channels.map { channel in
            YAMLText.map([
                ("name", YAMLText.scalar(channel.name)), ("channel", YAMLText.some(channel.channel)),
                ("unit", YAMLText.scalar(channel.unit)), ("pin", YAMLText.some(channel.pin)),
                ("note", YAMLText.some(channel.note)),
            ])
        }
        return "  - name: \(YAMLText.scalar(adc.name))\n"
            + members.compactMap { key, value in value.map { "    \(key): \($0)\n" } }.joined()
            + "    channels:\n" + channels.map { "      - \($0)\n" }.joined()
    }
}
