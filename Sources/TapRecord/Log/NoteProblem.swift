/// Why bytes are no signed note, or no checkpoint.
public enum NoteProblem: Error, Sendable, Hashable, CustomStringConvertible {
    case tooLong(Int)
    /// No UTF-8, or a control character other than the ends of lines.
    case notText
    /// The signatures are not parted from the text by an empty line, or there are none.
    case noSignatures
    case tooManySignatures
    /// Its line among the signatures, from 0 on.
    case signature(Int)
    /// A checkpoint of tap has three lines: origin, size and root.
    case lines(Int)
    case origin
    case size
    case root

    public var description: String {
        switch self {
        case .tooLong(let count): "a signed note of \(count) bytes; at most \(SignedNote.longest) are read"
        case .notText: "a signed note is UTF-8 without control characters"
        case .noSignatures: "a signed note ends with an empty line and lines of signatures"
        case .tooManySignatures: "a signed note with more than \(SignedNote.mostSignatures) signatures"
        case .signature(let line): "line \(line + 1) of the signatures is malformed"
        case .lines(let count): "a checkpoint of \(count) lines; it has three: origin, size and root"
        case .origin: "the origin of a checkpoint is empty or has a space or a plus sign in it"
        case .size: "the size of a checkpoint is no decimal number"
        case .root: "the root of a checkpoint is not 32 bytes in base64"
        }
    }
}
