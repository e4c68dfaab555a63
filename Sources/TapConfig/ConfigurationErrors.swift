import TapCore

/// A place in a text file, both counted from 1. Columns count characters (Unicode scalars), as libyaml and editors do.
public struct FilePosition: Sendable, Hashable, Comparable {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// One mistake in a file, reported in one line: where, what, why, what to write.
public struct Mistake: Sendable, Hashable, CustomStringConvertible {
    /// The path as it was given to `BoardFile`.
    public var file: String
    /// nil: it is about the file as a whole, which could not be read.
    public var position: FilePosition?
    public var what: String
    /// Empty where `what` says it all.
    public var why: String
    /// What to write or do.
    public var remedy: String

    public init(file: String, position: FilePosition?, what: String, why: String = "", remedy: String) {
        self.file = file
        self.position = position
        self.what = what
        self.why = why
        self.remedy = remedy
    }

    /// `file:line:column: what, why: remedy`.
    public var description: String {
        let place = position.map { ":\($0.line):\($0.column)" } ?? ""
        let reason = why.isEmpty ? "" : ", \(why)"
        return "\(printable(file))\(place): \(what)\(reason): \(remedy)"
    }
}

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

/// Mistakes while they are gathered. Its memory is bounded whatever the file: it keeps the earliest and a count.
struct MistakeList {
    let file: String
    private var kept: [Mistake] = []
    private var dropped = 0

    init(file: String) { self.file = file }

    mutating func add(_ position: FilePosition?, _ what: String, _ why: String = "", fix remedy: String) {
        kept.append(Mistake(file: file, position: position, what: what, why: why, remedy: remedy))
        if kept.count >= 4 * ConfigurationErrors.limit { trim() }
    }

    /// All that was gathered; nil: nothing.
    mutating func errors() -> ConfigurationErrors? {
        guard !kept.isEmpty else { return nil }
        trim()
        return ConfigurationErrors(kept, more: dropped)
    }

    var isEmpty: Bool { kept.isEmpty }

    private mutating func trim() {
        let start = FilePosition(line: 0, column: 0)
        kept.sort { ($0.position ?? start, $0.what) < ($1.position ?? start, $1.what) }
        let surplus = kept.count - ConfigurationErrors.limit
        guard surplus > 0 else { return }
        kept.removeLast(surplus)
        dropped += surplus
    }
}
