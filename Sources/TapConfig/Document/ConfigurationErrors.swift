import TapCore

/// Why a file was refused: every mistake found in it, in the order of the file.
///
/// At most `limit` mistakes are held, those nearest to the file's beginning; the others are counted in `more`.
public struct ConfigurationErrors: Error, Sendable, Hashable, CustomStringConvertible {
    /// The most mistakes that are reported at once.
    public static let limit = 50

    /// Never empty.
    public let mistakes: [Mistake]
    /// Mistakes found beyond these.
    public let more: Int

    init(_ mistakes: [Mistake], more: Int = 0) {
        self.mistakes = mistakes
        self.more = more
    }

    /// One mistake a line, then `file: and N more` if there are; no newline at the end.
    public var description: String {
        var lines = mistakes.map(\.description)
        if more > 0, let file = mistakes.first?.file { lines.append("\(printable(file)): and \(more) more") }
        return lines.joined(separator: "\n")
    }
}
