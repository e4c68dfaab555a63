import TapCore

/// What wires a site's board or scenario has.
struct SiteBoard {
    var path: String
    var lines: [String]
    /// By `ADC.NAME`, with the unit.
    var channels: [(address: String, unit: String)]
}

extension SiteReader {
    mutating func board(_ fields: Fields) {
        guard let written = text("board", fields, .path) else { return }
        let path = written.hasPrefix("/") ? written : (folder ?? "") + written
        site.board = path
        guard folder != nil else { return }
        do throws(ConfigurationErrors) {
            let bytes = try ConfigurationFile.read(path, .board)
            // A scenario says the same of simulated wires, and so does a board that has one.
            let isScenario = YAMLTree.read(bytes, .board, into: MistakeList(file: path)).map { root in
                FileKind.scenario.mark(of: root) != nil
            }
            let found = isScenario == true ? nil : try BoardFile.load(path: path, plants: plants)
            if let found, found.provenance != .simulated {
                board = SiteBoard(
                    path: path, lines: found.lines.map(\.name),
                    channels: found.adcs.flatMap { adc in adc.channels.map { ("\(adc.name).\($0.name)", $0.unit) } })
            } else {
                let scenario = try ScenarioFile.load(path: path, plants: plants)
                board = SiteBoard(
                    path: path, lines: scenario.lines.map(\.name),
                    channels: scenario.converters.flatMap { converter in
                        converter.channels.map { ("\(converter.name).\($0.name)", $0.unit) }
                    })
            }
        } catch {
            let first = error.mistakes.first.map { "\($0)" } ?? ""
            mistakes.add(
                fields.position(of: "board"), "board \(quoted(written)) cannot be read", first,
                fix: "name a board or scenario file, as it is found from this file's folder")
        }
    }

    /// The line of this name; a name that the board does not have is a mistake.
    func check(line: String, of signal: String, _ position: FilePosition) {
        guard let board, !board.lines.contains(line) else { return }
        let isChannel = board.channels.contains { $0.address == line || $0.address.hasSuffix("." + line) }
        mistakes.add(
            position, "signal \(signal): \(printable(board.path)) has no line \(quoted(line))",
            isChannel ? "which is a channel there" : "",
            fix: isChannel
                ? "write what its values are, as 'unit: A' or 'loop: 4..20 mA = 0..5 m'"
                : guess(line, in: board.lines) ?? "write 'line: NAME' with the board's name of it")
    }

    /// The whole address and the unit of a channel; nil: not known.
    func find(
        channel: String, of signal: String, _ position: FilePosition
    ) -> (address: String, unit: String)? {
        guard let board else { return nil }
        let found = board.channels.filter { $0.address == channel || $0.address.hasSuffix("." + channel) }
        if found.count == 1 { return found[0] }
        let isLine = board.lines.contains(channel)
        mistakes.add(
            position,
            "signal \(signal): \(printable(board.path)) has \(found.isEmpty ? "no channel" : "several channels") "
                + quoted(channel),
            isLine ? "which is a line there" : "",
            fix: found.count > 1
                ? "write 'channel: \(printable(found[0].address))'"
                : isLine
                    ? "delete what only a channel has: loop, unit, accuracy, fastest"
                    : guess(channel, in: board.channels.map(\.address)) ?? "write 'channel: ADC.NAME'")
        return nil
    }
}
