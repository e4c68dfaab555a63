/// The file of the newest signed checkpoint.
public enum CheckpointFile {
    public static let path = "checkpoint"

    /// nil: nothing was signed yet.
    public static func read(on disk: any Disk) throws(LogProblem) -> SignedNote? {
        let bytes: [UInt8]
        do throws(LogProblem) {
            bytes = try LogFile.contents(path, atMost: UInt64(SignedNote.longest), on: disk)
        } catch {
            guard error.what == .missing else { throw error }
            return nil
        }
        do throws(NoteProblem) { return try SignedNote(parsing: bytes) } catch { throw LogProblem(path, .note(error)) }
    }

    /// On the medium when this returns. What it covers must have been synced before.
    public static func write(_ note: SignedNote, on disk: any Disk) throws(DiskError) {
        try disk.replace(path, with: note.serialised)
    }
}
