public import TapCore

extension GPIOInventory {
    package enum Match: Hashable {
        case found(GPIOChip)
        case missing
        /// One has this label, and another number of lines.
        case otherLines(Int)
        /// Several have this label: the names of their devices.
        case ambiguous([String])
    }

    /// The chip that a board means: by label and number of lines, never by its number.
    package func find(_ wanted: BoardChip) -> Match {
        let labelled = chips.filter { $0.label == wanted.label }
        guard let chip = labelled.first else { return .missing }
        if labelled.count > 1 { return .ambiguous(labelled.map(\.name)) }
        return chip.lines.count == wanted.lines ? .found(chip) : .otherLines(chip.lines.count)
    }

    /// The chip that a board means.
    ///
    /// - Throws: why there is none, or why it is ambiguous.
    public func chip(_ wanted: BoardChip) throws(TapError) -> GPIOChip {
        let match = find(wanted)
        if case .found(let chip) = match { return chip }
        if let refused = refused.first {
            throw TapError(
                refused.refusal.isPermission ? .permission : .device, refused.path,
                "cannot be opened: \(refused.refusal.name)", remedy: "'tap doctor' gives the remedy")
        }
        let here = chips.map { "\($0.label) (\($0.lines.count) lines)" }
        throw TapError(
            match == .missing ? .notFound : .configuration, "chip '\(wanted.label)'",
            match.complaint(wanted) ?? "is not on this machine",
            remedy: here.isEmpty
                ? "it has no GPIO chips; 'tap doctor' gives the reason" : "it has \(here.joined(separator: ", "))")
    }
}

extension GPIOInventory.Match {
    /// What is wrong; nil: nothing.
    package func complaint(_ wanted: BoardChip) -> String? {
        switch self {
        case .found: nil
        case .missing: "there is no chip \(wanted.label)"
        case .otherLines(let count): "\(wanted.label) has \(count) lines, not \(wanted.lines)"
        case .ambiguous(let names):
            "\(wanted.label) is the label of \(names.joined(separator: " and ")), so it is ambiguous"
        }
    }
}
