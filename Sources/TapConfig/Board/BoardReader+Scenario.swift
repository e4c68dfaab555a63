import TapCore

extension BoardReader {
    /// The scenario of a simulated board's file; nil: it is none, which is in `mistakes`.
    mutating func scenario(_ root: Node) -> Scenario? {
        guard board(root) != nil else { return nil }
        if scenario == nil, mistakes.isEmpty {
            mistakes.add(
                root.position, "the file is a board file with real lines, where a scenario is expected",
                fix: FileKind.board.use)
        }
        return scenario
    }

    /// What stands under `scenario`; nil on a board with real wires. Lines and ADCs have been read before.
    func scenario(_ fields: Fields, of board: Board) -> Scenario? {
        guard let node = fields["scenario"] else {
            if provenance == .simulated, isMissing("scenario", in: fields) {
                mistakes.add(
                    fields.position(of: "provenance"), "provenance is simulated, but key 'scenario' is missing",
                    "which describes the signals",
                    fix: "add 'scenario: {lines: [{name: MOTOR, wave: square, period: 1s}]}'")
            }
            return nil
        }
        if let provenance, provenance != .simulated {
            mistakes.add(
                fields.keyPosition("scenario"),
                "key 'scenario' on a board whose provenance is \(provenance.rawValue)",
                "whose lines are real", fix: "delete it, or write 'provenance: simulated'")
            return nil
        }
        var reader = ScenarioReader(mistakes: mistakes, folder: folder, plants: plants)
        guard let scenario = reader.scenario(node, of: board) else { return nil }
        check(scenario)
        return scenario
    }

    /// What is declared on a simulated board and has no wave could never be listened to.
    private func check(_ scenario: Scenario) {
        // A name that was left out for a mistake would be missing only because of it.
        guard mistakes.isEmpty else { return }
        let names = Set(scenario.lines.map(\.name))
        for (name, position) in lines where !names.contains(name) {
            mistakes.add(
                position, "line \(quoted(name)) has no wave under scenario",
                fix: "add '{name: \(printable(name)), wave: constant}' to its lines, or delete the line")
        }
        let units = Dictionary(
            scenario.converters.flatMap { converter in
                converter.channels.map { ("\(converter.name).\($0.name)", $0.unit) }
            }, uniquingKeysWith: { first, _ in first })
        for (name, channel) in channels {
            guard let unit = units[name] else {
                mistakes.add(
                    channel.position, "channel \(quoted(name)) has no wave under scenario",
                    fix: "add it to its converters, or delete the channel")
                continue
            }
            guard let declared = channel.unit, declared != unit else { continue }
            mistakes.add(
                channel.position, "channel \(quoted(name)) has unit \(declared), but \(unit) under scenario",
                fix: "write the same unit in both places")
        }
    }
}
