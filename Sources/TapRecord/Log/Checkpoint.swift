/// What a log was at one of its sizes.
public struct Checkpoint: Sendable, Hashable {
    public var origin: String
    /// Number of entries.
    public var size: UInt64
    public var root: Digest

    public init(origin: String, size: UInt64, root: Digest) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// The three lines that are signed.
    public var text: String { "\(origin)\n\(size)\n\(root.base64)\n" }

    /// From a note's text. It must be these three lines and no other.
    public init(parsing text: String) throws(NoteProblem) {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        guard lines.count == 4, lines[3].isEmpty else { throw .lines(max(lines.count - 1, 0)) }
        guard VerifierKey.isName(lines[0]) else { throw .origin }
        guard let size = UInt64(lines[1]), String(size) == lines[1] else { throw .size }
        guard let bytes = Base64.decode(lines[2]), let root = Digest(bytes) else { throw .root }
        self.init(origin: lines[0], size: size, root: root)
    }

    /// - Parameter keys: in the order of their lines.
    public func signed(by keys: [SigningKey]) -> SignedNote {
        var note = SignedNote(text)
        for key in keys { note.sign(by: key) }
        return note
    }
}
