public import TapCore
public import TapDriver

/// The lines of a bench board that may be driven, and what stands in the way of driving them.
public struct Bench {
    /// One line that is driven, and where what it does is to be seen.
    public struct Wire: Sendable, Hashable {
        /// Of the line at the listening end.
        public var name: String
        /// The line that is driven; nil: `input`, by its own pull.
        public var output: BoardLine?
        /// nil: the listening end is on another machine.
        public var input: BoardLine?

        /// The chip and offset that are driven.
        var driven: BoardLine? { output ?? input }
    }

    public let board: Board
    public let wires: [Wire]

    /// - Throws: `.configuration` for a board that is no bench.
    public init(_ board: Board) throws(TapError) {
        guard let bench = board.bench else {
            throw TapError(
                .configuration, "board '\(board.name)'", "is not a bench: its file names no line that may be driven",
                remedy: "nothing was driven; name the board file of a bench, which has 'bench:' (docs/boards.md)")
        }
        self.board = board
        switch bench.drive {
        case .pulls: wires = board.lines.map { Wire(name: $0.name, output: nil, input: $0) }
        case .outputs(let loopbacks):
            wires = loopbacks.map { loopback in
                Wire(
                    name: loopback.input, output: board.lines.first { $0.name == loopback.output },
                    input: board.lines.first { $0.name == loopback.input })
            }
        }
    }

    /// The wires of these names, in this order.
    public func select(_ names: [String]) throws(TapError) -> [Wire] {
        var selected: [Wire] = []
        for name in names {
            guard let wire = wires.first(where: { $0.name == name }) else {
                throw TapError(
                    .notFound, "line '\(name)'", "cannot be driven on board '\(board.name)'",
                    remedy: "it can drive \(wires.map(\.name).joined(separator: ", "))")
            }
            guard !selected.contains(wire) else {
                throw TapError(.busy, "line '\(name)'", "is named twice", remedy: "name it once")
            }
            selected.append(wire)
        }
        return selected
    }

    /// Handles of lines that may be driven. Looks at everything that can be known without taking a line; takes none.
    ///
    /// That a chip has inputs only is not among it: the kernel reports it when the first line is requested. Lines that were
    /// taken before it are then given back (`DriveStage.begin`).
    ///
    /// - Parameter isLoop: the listening ends must be here too, and free.
    public func lines(
        of wires: [Wire], isLoop: Bool, gpio: GPIOInventory = .read()
    ) throws(TapError) -> [any DrivenLine] {
        guard !board.isPulled || GPIOInventory.isPossible, board.isPulled || OutputLine.isPossible else {
            throw TapError(
                .unsupported, "driving lines", "needs libgpiod 2.x, but this tap-bench was built without it",
                remedy: "install libgpiod-dev 2.x and build it with the trait Gpiod")
        }
        var lines: [any DrivenLine] = []
        for wire in wires {
            if isLoop { try checkListening(wire, gpio) }
            lines.append(try line(of: wire, gpio))
        }
        return lines
    }

    private func line(of wire: Wire, _ gpio: GPIOInventory) throws(TapError) -> any DrivenLine {
        guard let driven = wire.driven else { preconditionFailure("a board's reader lets no such wire pass") }
        let (chip, state) = try find(driven, gpio)
        let device = ChipDevice.path(ofChip: chip.name) ?? ""
        let isEmulated = ChipDevice.isEmulated(device)
        guard isEmulated == (board.provenance == .emulatedKernel) else {
            throw TapError(
                .wrongMachine, "chip '\(chip.label)'",
                isEmulated
                    ? "is emulated by the kernel, but board '\(board.name)' says hardware"
                    : "is hardware, but board '\(board.name)' says emulated-kernel",
                remedy: "nothing was driven; use a board file with the right provenance")
        }
        let isInverted = wire.input?.options.isActiveLow ?? false
        guard let output = wire.output else {
            return try pull(driven, state, "\(device)/sim_gpio\(driven.offset)/pull", isInverted)
        }
        guard !state.isUsed else { throw busy(output, state) }
        return OutputLine(
            output.name, path: "/dev/\(chip.name)", offset: output.offset,
            isActiveLow: output.options.isActiveLow, isInverted: isInverted)
    }

    private func pull(
        _ line: BoardLine, _ state: GPIOLine, _ path: String, _ isInverted: Bool
    ) throws(TapError) -> any DrivenLine {
        // A pull does nothing to a line that somebody drives.
        guard state.direction == .input else { throw busy(line, state) }
        guard isThere(path) else {
            throw TapError(
                .unsupported, "line '\(line.name)'", "has no pull to set (\(path))",
                remedy: "nothing was driven; with 'bench: {sim: true}' the chip must be one of gpio-sim")
        }
        guard isWritable(path) else {
            throw TapError(.permission, path, "permission denied for this user", remedy: "run it as root")
        }
        return SimPull(line.name, path: path, isInverted: isInverted)
    }

    private func checkListening(_ wire: Wire, _ gpio: GPIOInventory) throws(TapError) {
        guard let input = wire.input else {
            throw TapError(
                .configuration, "line '\(wire.name)'",
                "is not a line of board '\(board.name)', so it cannot be captured",
                remedy: "for a loop both ends must be lines of this board; 'tap-bench drive' needs only the output")
        }
        let (_, state) = try find(input, gpio)
        guard !state.isUsed else { throw busy(input, state) }
    }

    private func find(_ line: BoardLine, _ gpio: GPIOInventory) throws(TapError) -> (GPIOChip, GPIOLine) {
        guard let wanted = board.chips.first(where: { $0.label == line.chip }) else {
            preconditionFailure("a board's reader lets no line of another chip pass")
        }
        let chip = try gpio.chip(wanted)
        return (chip, chip.lines[line.offset])
    }

    private func busy(_ line: BoardLine, _ state: GPIOLine) -> TapError {
        TapError(
            .busy, "line '\(line.name)'",
            "is in use\(state.user.isEmpty ? "" : " by '\(state.user)'")\(state.direction == .output ? ", as an output" : "")",
            remedy: "nothing was driven; stop that program, or name another line")
    }
}

extension Board {
    fileprivate var isPulled: Bool { bench?.drive == .pulls }
}
