/// The note in a session's header that says with which site file it was recorded.
public enum SiteNote {
    private static let begin = "site file, SHA-256 "

    /// - Parameter bytes: all of the site file.
    public static func text(_ bytes: [UInt8]) -> String { begin + Hex.encode(Digest.of(bytes).bytes) }

    /// Whether one of the notes is of these bytes; nil: none is of a site file.
    static func isOf(_ bytes: [UInt8], _ notes: [String]) -> Bool? {
        let found = notes.filter { $0.hasPrefix(begin) }
        return found.isEmpty ? nil : found.contains(text(bytes))
    }
}
