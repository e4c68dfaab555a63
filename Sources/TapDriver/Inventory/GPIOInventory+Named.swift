public import TapCore

extension GPIOInventory {
    /// The chip that a person means.
    ///
    /// - Parameter name: as `gpiochip0`, its number, the path of its device or a link to that, or its label.
    /// - Throws: that there is none, or that it is ambiguous.
    public func chip(named name: String) throws(TapError) -> GPIOChip {
        let file = name.hasPrefix("/") ? ((try? SystemCalls.system.realPath(name)) ?? name) : name
        let last = file.split(separator: "/").last.map(String.init) ?? file
        let called = isDigits(last) ? "gpiochip\(last)" : last
        if let chip = chips.first(where: { $0.name == called }) { return chip }
        let labelled = chips.filter { $0.label == name }
        if labelled.count == 1 { return labelled[0] }
        if let refused = refused.first(where: { $0.path.hasSuffix("/\(called)") })
            ?? (chips.isEmpty ? refused.first : nil)
        {
            throw TapError(
                refused.refusal.isPermission ? .permission : .device, refused.path,
                "cannot be opened: \(refused.refusal.name)", remedy: "'tap doctor' gives the remedy")
        }
        guard labelled.isEmpty else {
            throw TapError(
                .configuration, "chip \(quoted(name))",
                "is the label of \(labelled.map(\.name).joined(separator: " and "))",
                remedy: "name one of them")
        }
        throw TapError(
            .notFound, "chip \(quoted(name))", "is not on this machine",
            remedy: chips.isEmpty
                ? "it has no GPIO chips; 'tap doctor' gives the reason"
                : "it has \(chips.map(\.title).joined(separator: ", "))")
    }
}
