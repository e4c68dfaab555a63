import TapCore

/// Checkpoints of a store with cosignatures of witnesses: `checkpoints/cosigned-SIZE`. They are no more than kept checkpoints with
/// more lines of signatures.
enum CosignedNotes {
    static let prefix = "cosigned-"
    /// The newest, of which all stay; of older ones the first of each day.
    static let mostNew = 1_024

    /// Sizes, the largest first.
    static func sizes(on disk: any Disk) -> [UInt64] {
        KeptCheckpoints.names(on: disk).compactMap { name in
            name.hasPrefix(prefix) ? UInt64(name.dropFirst(prefix.count)) : nil
        }.sorted(by: >)
    }

    static func path(_ size: UInt64) -> String { "\(KeptCheckpoints.directory)/\(prefix)\(size)" }

    /// nil: it is not there, or no note.
    static func note(_ size: UInt64, on disk: any Disk) -> SignedNote? {
        guard let bytes = try? LogFile.contents(path(size), atMost: UInt64(SignedNote.longest), on: disk) else {
            return nil
        }
        return try? SignedNote(parsing: bytes)
    }

    /// Adds a cosignature to a checkpoint. On the medium when this returns.
    ///
    /// - Parameter note: as the store signed it.
    static func add(
        _ cosignature: SignedNote.Signature, by key: WitnessKey, to note: SignedNote, size: UInt64, on disk: any Disk
    ) throws(DiskError) {
        var kept = self.note(size, on: disk) ?? note
        if kept.text != note.text { kept = note }
        // Of one witness the earliest says most.
        guard key.time(of: kept) == nil else { return }
        kept.keep { $0.name != key.name || $0.id != key.id }
        kept.add(cosignature)
        try disk.makeDirectory(KeptCheckpoints.directory)
        try disk.replace(path(size), with: kept.serialised)
        thin(on: disk)
    }

    private static func thin(on disk: any Disk) {
        var days: Set<UInt64> = []
        for size in sizes(on: disk).dropFirst(mostNew).reversed() {
            guard let day = day(size, on: disk), days.insert(day).inserted else {
                try? disk.removeIfThere(path(size))
                continue
            }
        }
    }

    /// Since 1970, of when the file was written.
    private static func day(_ size: UInt64, on disk: any Disk) -> UInt64? {
        disk.modifiedUTC(path(size)).map { $0 / 86_400_000_000_000 }
    }

    /// The largest checkpoint that has as many cosignatures as a policy asks for.
    ///
    /// - Parameter isRight: whether a checkpoint is one of the log.
    static func newest(
        _ policy: WitnessPolicy, on disk: any Disk, where isRight: (SignedNote, Checkpoint) -> Bool
    ) -> (checkpoint: Checkpoint, cosigners: [Cosigner])? {
        for size in sizes(on: disk) {
            guard let note = note(size, on: disk), let checkpoint = try? Checkpoint(parsing: note.text),
                isRight(note, checkpoint)
            else { continue }
            let cosigners = policy.cosigners(of: note)
            if !cosigners.isEmpty, policy.isMet(by: cosigners) { return (checkpoint, cosigners) }
        }
        return nil
    }
}
