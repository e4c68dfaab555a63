import TapCore

/// What a board file can have, for whoever writes one.
extension BoardFile {
    public static func isLineName(_ text: String) -> Bool { TextRule.lineName.holds(text) }
    public static func isChipLabel(_ text: String) -> Bool { TextRule.label.holds(text) }
    public static func isDevice(_ text: String) -> Bool { TextRule.device.holds(text) }
    public static func isIIOChannel(_ text: String) -> Bool { TextRule.iioChannel.holds(text) }
    public static func isCompatible(_ text: String) -> Bool { TextRule.compatible.holds(text) }
    public static func isUnit(_ text: String) -> Bool { Unit.known.contains(text) }
}

extension TextRule {
    /// Not empty, on one line, of its length and its characters.
    fileprivate func holds(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        return !scalars.isEmpty && scalars.count <= longest && !scalars.contains(where: isDangerous) && isMet(by: text)
    }
}
