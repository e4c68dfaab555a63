import TapCore

/// Writes the file `checkpoint`: the first time as a whole, then in the place that does not hold the newest one. One thread at
/// a time; calls block as long as the medium does.
struct CheckpointWriter: Sendable {
    private let disk: any Disk
    /// Whether the file is there with both places; otherwise it is replaced as a whole, also after an error: what a sync
    /// that failed left is not known.
    private var isThere = false
    /// Place of the next one.
    private var place = 0

    init(on disk: any Disk) { self.disk = disk }

    /// On the medium when this returns. What it covers must have been synced before.
    mutating func write(_ note: SignedNote) throws(DiskError) {
        guard let bytes = CheckpointFile.place(note) else {
            throw DiskError("write", CheckpointFile.path, .nameTooLong)
        }
        let wasThere = isThere
        isThere = false
        if wasThere {
            // By its path each time: one that is held open would go on being written after its medium was taken away.
            let file = try disk.open(CheckpointFile.path, creating: false)
            try file.write(bytes, at: UInt64(place * CheckpointFile.placeLength))
            try file.sync()
            place = 1 - place
        } else {
            let empty = [UInt8](repeating: 0, count: CheckpointFile.placeLength)
            try disk.replace(CheckpointFile.path, with: bytes + empty)
            place = 1
        }
        isThere = true
    }
}
