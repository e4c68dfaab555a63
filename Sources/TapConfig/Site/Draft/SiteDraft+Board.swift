import TapCore

extension SiteDraft {
    /// Adds the lines and channels of a board or scenario file. Blocks for as long as the file system does.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - plants: the kinds of plants that a scenario may have.
    /// - Throws: every mistake in the file; or one without a position, if it cannot be read.
    public mutating func add(board path: String, plants: [PlantKind]) throws(ConfigurationErrors) {
        // A scenario says the same of simulated wires, and so does a board that has one.
        let root = YAMLTree.read(
            try ConfigurationFile.read(path, .board), .board, into: MistakeList(file: path))
        let isScenario = root.map { FileKind.scenario.mark(of: $0) != nil } == true
        let board = isScenario ? nil : try BoardFile.load(path: path, plants: plants)
        if let board, board.provenance != .simulated { return add(board) }
        let scenario = try ScenarioFile.load(path: path, plants: plants)
        title = scenario.title
        lines += scenario.lines.map { line in
            var draft = Line(name: line.name)
            draft.pin = board?.lines.first { $0.name == line.name }?.pin ?? ""
            return draft
        }
        channels += scenario.converters.flatMap { converter in
            converter.channels.map { Channel(adc: converter.name, name: $0.name, unit: $0.unit) }
        }
    }

    private mutating func add(_ board: Board) {
        title = board.title
        lines += board.lines.map { line in
            var draft = Line(name: line.name)
            (draft.pin, draft.function, draft.note) = (line.pin, line.function, line.note)
            return draft
        }
        channels += board.adcs.flatMap { adc in
            adc.channels.map { channel in
                var draft = Channel(adc: adc.name, name: channel.name, unit: channel.unit)
                (draft.pin, draft.isOptional, draft.note) = (channel.pin, !adc.isFitted, channel.note)
                return draft
            }
        }
    }
}
