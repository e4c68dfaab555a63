/// Where things are in a store.
enum StoreLayout {
    static let verifierKey = "vkey"
    static let checkpoint = "checkpoint"
    static let segments = "segments"
    static let lock = "lock"

    private static let names: Set = [
        verifierKey, checkpoint, segments, lock, LogEdge.path, "tile", "keys", "lost+found",
        KeptCheckpoints.directory, StoreState.path, StoreReserve.path, StoreSpool.directory,
    ]

    /// Whether something of that name in a store's own folder is a recorder's or the file system's.
    static func isName(_ name: String) -> Bool {
        names.contains(name.hasSuffix(".new") ? String(name.dropLast(4)) : name)
    }

    /// The number of a segment file's name; nil: it is no segment's name.
    static func segmentNumber(_ name: String) -> UInt64? {
        guard name.hasSuffix(".mcap") else { return nil }
        let digits = name.dropLast(5)
        guard digits.count >= 8, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return UInt64(digits)
    }
}
