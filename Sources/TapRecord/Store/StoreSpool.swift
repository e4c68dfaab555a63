import TapCore

/// What other commands ask the recorder of a store to enter into its log: a file each, below `spool/`. It is no part of the
/// record.
enum StoreSpool {
    static let directory = "spool"

    /// On the medium when this returns.
    ///
    /// - Returns: its path.
    static func put(_ entry: LogEntry, utc_ns: UInt64, id: [UInt8], on disk: any Disk) throws(DiskError) -> String {
        try disk.makeDirectory(directory)
        // Those of one second in any order.
        let second = String(1_000_000_000_000 + utc_ns / 1_000_000_000)
        let path = "\(directory)/\(second)-\(Hex.encode(id))"
        try disk.replace(path, with: entry.encoded())
        return path
    }

    /// Paths of requests, oldest first; of those that cannot be listed none.
    static func paths(on disk: any Disk) -> [String] {
        let names = (try? disk.names(in: directory)) ?? []
        return names.filter { $0.utf8.count == 30 && !$0.hasSuffix(".new") }.map { "\(directory)/\($0)" }
    }

    /// What a cut left of requests. One that is being written at this moment is lost, which its command reports.
    static func removeUnfinished(on disk: any Disk) {
        for name in (try? disk.names(in: directory)) ?? [] where name.hasSuffix(".new") {
            try? disk.removeIfThere("\(directory)/\(name)")
        }
    }

    /// nil: it is no request, or cannot be read.
    static func request(_ path: String, on disk: any Disk) -> LogEntry? {
        guard let bytes = try? LogFile.contents(path, atMost: UInt64(Tile.longestEntry), on: disk),
            let entry = try? LogEntry(decoding: bytes), entry.requestID != nil
        else { return nil }
        return entry
    }
}

extension LogEntry {
    /// Of an entry that was asked for; nil: it is none.
    var requestID: [UInt8]? {
        switch self {
        case .remark(let entry): entry.id.isEmpty ? nil : entry.id
        case .pin(let entry): entry.id.isEmpty ? nil : entry.id
        case .unpin(let entry): entry.id.isEmpty ? nil : entry.id
        case .pause(let entry): entry.id.isEmpty ? nil : entry.id
        default: nil
        }
    }
}
