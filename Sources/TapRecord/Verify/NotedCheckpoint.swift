import TapCore

/// What is said of checkpoints that a person wrote down: one that does not fit may be a typing error.
enum NotedCheckpoint {
    /// Of a checkpoint whose root is not that of the log at its size.
    static func forked(_ noted: Digest, is root: Digest) -> String {
        let what = "is not what the checkpoint noted elsewhere says: the log was rewritten or forked"
        let (typed, right) = (Array(noted.base64.utf8), Array(root.base64.utf8))
        let places = typed.indices.filter { typed[$0] != right[$0] }
        guard places.count <= mostWrong else { return what }
        let words = places.map { place in
            "character \(place + 1) is '\(character(typed[place]))' there and '\(character(right[place]))' here"
        }
        return "\(what), or the note has a typing error: \(words.joined(separator: ", "))"
    }

    /// More than that are not of somebody's fingers.
    private static let mostWrong = 2

    private static func character(_ byte: UInt8) -> String { String(UnicodeScalar(byte)) }

    /// Of checkpoints of another origin than the key's.
    static func foreign(_ origin: String, _ key: VerifierKey) -> String {
        let meant = probableName(for: origin, in: [key.name]).map {
            "; if '\(printable($0))' was meant, correct the note"
        }
        return "checkpoints of '\(printable(origin))' are of another log and prove nothing here" + (meant ?? "")
    }
}
