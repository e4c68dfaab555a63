import TapCore

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
