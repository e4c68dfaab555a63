/// The file of the newest signed checkpoint: two places of fixed size, which are written by turns, so that a cut while one is
/// written leaves the other.
///
/// In a place stand the SHA-256 of 0x00 and the note, the note's length, and the note; zeros follow.
public enum CheckpointFile {
    public static let path = "checkpoint"
    /// Bytes of a place: no page of a file system holds parts of both.
    static let placeLength = 4_096
    static let placeCount = 2
    /// Bytes of a note.
    static let longestNote = placeLength - LogEdge.itemHeaderLength

    /// What the places hold.
    struct Places: Sendable {
        /// The one that covers most; nil: no place is whole.
        var newest: SignedNote?
        /// The one before it, where there is one.
        var older: SignedNote?
        /// A place holds something, and no whole checkpoint.
        var isTorn = false
    }

    /// nil: nothing was signed yet.
    public static func read(on disk: any Disk) throws(LogProblem) -> SignedNote? { try places(on: disk)?.newest }

    /// nil: there is no file.
    ///
    /// - Throws: also where no place is whole.
    static func places(on disk: any Disk) throws(LogProblem) -> Places? {
        var found = Places()
        // One that is being written is whole a moment later.
        for _ in 0..<3 {
            let bytes: [UInt8]
            let length = placeLength * placeCount
            do throws(LogProblem) { bytes = try LogFile.contents(path, atMost: UInt64(length), on: disk) } catch {
                guard error.what == .missing else { throw error }
                return nil
            }
            guard bytes.count == length else {
                throw LogProblem(path, .size(UInt64(bytes.count), expected: UInt64(length)))
            }
            found = places(bytes)
            if !found.isTorn { break }
        }
        guard found.newest != nil else { throw LogProblem(path, .torn) }
        return found
    }

    private static func places(_ bytes: [UInt8]) -> Places {
        var found = Places()
        var notes: [(size: UInt64, note: SignedNote)] = []
        for begin in stride(from: 0, to: bytes.count, by: placeLength) {
            let place = bytes[begin..<begin + placeLength]
            if place.allSatisfy({ $0 == 0 }) { continue }
            if let note = note(Array(place)), let checkpoint = try? Checkpoint(parsing: note.text) {
                notes.append((checkpoint.size, note))
            } else {
                found.isTorn = true
            }
        }
        notes.sort { $0.size < $1.size }
        found.newest = notes.popLast()?.note
        found.older = notes.last?.note
        return found
    }

    /// That a place holds whole; nil: none.
    static func note(_ place: [UInt8]) -> SignedNote? {
        guard place.count >= placeLength else { return nil }
        let length = Int(place[Digest.byteCount]) << 8 | Int(place[Digest.byteCount + 1])
        let end = LogEdge.itemHeaderLength + length
        guard end <= place.count else { return nil }
        let note = Array(place[LogEdge.itemHeaderLength..<end])
        guard Digest(place[..<Digest.byteCount]) == Digest.leaf(note), place[end...].allSatisfy({ $0 == 0 }) else {
            return nil
        }
        return try? SignedNote(parsing: note)
    }

    /// A place that holds a note; nil: it is longer than `longestNote`.
    static func place(_ note: SignedNote) -> [UInt8]? {
        let bytes = note.serialised
        guard bytes.count <= longestNote else { return nil }
        var place: [UInt8] = []
        LogEdge.appendItem(Digest.leaf(bytes), bytes[...], to: &place)
        return place + [UInt8](repeating: 0, count: placeLength - place.count)
    }
}
