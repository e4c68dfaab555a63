public import TapCore
public import TapDriver

/// Some lines of one chip, called by their offsets or by the kernel's names, and the board that they make.
public struct ChipLines: Sendable {
    public let board: Board
    /// The lines, by their names on the board.
    public let names: [String]

    /// - Parameter wanted: offsets or names of lines.
    /// - Throws: what is not on the chip.
    public init(_ chip: GPIOChip, named wanted: [String]) throws(TapError) {
        let made = InventoryBoard(named: chip.label, GPIOInventory(chips: [chip]))
        board = made.board
        var names: [String] = []
        for name in wanted {
            guard let line = made.board.lines.first(where: { "\($0.offset)" == name || $0.name == name }) else {
                throw TapError(
                    .notFound, "line \(quoted(name))", "is not on \(chip.title)",
                    remedy: made.remarks.first ?? "it has the offsets 0 to \(chip.lines.count - 1)")
            }
            names.append(line.name)
        }
        self.names = names
    }
}
