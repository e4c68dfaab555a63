/// Notes in a session's header that say with which site file it was recorded.
public enum SiteNote {
    private static let begin = "site file, SHA-256 "

    /// - Parameter bytes: all of the site file.
    public static func text(_ bytes: [UInt8]) -> String { begin + Hex.encode(Digest.of(bytes).bytes) }

    /// Whether one of the notes is of these bytes; nil: none is of a site file.
    static func isOf(_ bytes: [UInt8], _ notes: [String]) -> Bool? {
        let found = notes.filter { $0.hasPrefix(begin) }
        return found.isEmpty ? nil : found.contains(text(bytes))
    }

    /// What a session notes whose site file is not that of the one before; nil: it is.
    ///
    /// - Parameters:
    ///   - bytes: all of the site file.
    ///   - session: the one before, and its notes.
    public static func change(_ bytes: [UInt8], since session: (number: UInt64, notes: [String])) -> String? {
        guard isOf(bytes, session.notes) != true else { return nil }
        let before = session.notes.first { $0.hasPrefix(begin) }?.dropFirst(begin.count)
        return "site file changed: session \(session.number) was recorded "
            + (before.map { "with SHA-256 \($0)" } ?? "without one")
    }
}
