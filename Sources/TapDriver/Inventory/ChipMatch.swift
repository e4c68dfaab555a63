import TapCore

extension GPIOInventory {
    enum Match: Hashable {
        case found(GPIOChip)
        case missing
        /// One has this label, and another number of lines.
        case otherLines(Int)
        /// Several have this label: the names of their devices.
        case ambiguous([String])
    }

    /// The chip that a board means: by label and number of lines, never by its number.
    func find(_ wanted: BoardChip) -> Match {
        let labelled = chips.filter { $0.label == wanted.label }
        guard let chip = labelled.first else { return .missing }
        if labelled.count > 1 { return .ambiguous(labelled.map(\.name)) }
        return chip.lines.count == wanted.lines ? .found(chip) : .otherLines(chip.lines.count)
    }
}

extension GPIOInventory.Match {
    /// What is wrong; nil: nothing.
    func complaint(_ wanted: BoardChip) -> String? {
        switch self {
        case .found: nil
        case .missing: "there is no chip \(wanted.label)"
        case .otherLines(let count): "\(wanted.label) has \(count) lines, not \(wanted.lines)"
        case .ambiguous(let names):
            "\(wanted.label) is the label of \(names.joined(separator: " and ")), so it cannot be told which is meant"
        }
    }
}
