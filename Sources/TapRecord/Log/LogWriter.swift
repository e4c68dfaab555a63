import TapCore

/// Appends entries to a log. What is appended is on the medium after `sync` only.
///
/// A call that fails leaves it as it was: what was not synced stays in memory, and the next `sync` writes `edge` anew. One
/// thread at a time; calls block as long as the medium does.
public struct LogWriter: Sendable {
    /// A bundle that is full and not yet on the medium, with the tiles that it completes.
    struct Full: Sendable {
        var number: UInt64
        var entries: PartialBundle
        var tiles: [(level: Int, number: UInt64, digests: [Digest])] = []
    }

    let disk: any Disk
    var tree = Tree()
    /// Of each level but the lowest, the digests of its tile that is not full.
    var levels: [[Digest]] = []
    /// Entries behind the last full bundle.
    var partial = PartialBundle()
    var full: [Full] = []
    /// `levels` as they were before the entries of `full`.
    private var rows: [[Digest]] = []
    /// nil: it is to be written anew.
    private var edge: (any DiskFile)?
    private var edgeSize: UInt64 = 0
    /// Items that are not yet in `edge`.
    private var pending: [UInt8] = []

    /// Number of entries.
    public var size: UInt64 { tree.size }
    public var root: Digest { tree.root }
    /// Number of entries that are on the medium.
    public private(set) var syncedSize: UInt64 = 0

    init(empty disk: any Disk) { self.disk = disk }

    /// Makes an empty log; on the medium when this returns.
    public static func create(on disk: any Disk) throws(DiskError) -> LogWriter {
        do throws(DiskError) {
            _ = try disk.openToRead(LogEdge.path)
            throw DiskError("create", LogEdge.path, .exists)
        } catch {
            guard error.errno == .notFound else { throw error }
        }
        try disk.makeDirectory("tile/0")
        try disk.makeDirectory("tile/entries")
        var log = LogWriter(empty: disk)
        try log.sync()
        return log
    }

    /// - Returns: the entry's index.
    /// - Throws: where it has more than 65,535 bytes.
    @discardableResult
    public mutating func append(_ entry: [UInt8]) throws(LogProblem) -> UInt64 {
        guard entry.count <= Tile.longestEntry else {
            throw LogProblem(LogEdge.path, .longEntry(entry.count), at: size)
        }
        let leaf = Digest.leaf(entry)
        LogEdge.appendItem(leaf, entry[...], to: &pending)
        take(entry, leaf)
        return size - 1
    }

    mutating func take(_ entry: [UInt8], _ leaf: Digest) {
        partial.append(entry, leaf)
        tree.append(leaf)
        guard partial.leaves.count == Tile.width else { return }
        var bundle = Full(number: size / UInt64(Tile.width) - 1, entries: partial)
        bundle.tiles.append((0, bundle.number, partial.leaves))
        var root = Tile.root(partial.leaves)
        var number = bundle.number
        for level in 1... {
            if levels.count < level { levels.append([]) }
            levels[level - 1].append(root)
            guard levels[level - 1].count == Tile.width else { break }
            number /= UInt64(Tile.width)
            bundle.tiles.append((level, number, levels[level - 1]))
            root = Tile.root(levels[level - 1])
            levels[level - 1] = []
        }
        full.append(bundle)
        partial = PartialBundle()
    }

    /// Returns once all entries are on the medium.
    public mutating func sync() throws(DiskError) {
        do throws(DiskError) {
            try syncEdge()
            guard !full.isEmpty else { return }
            try writeFull()
            edge = nil
            try syncEdge()
        } catch {
            edge = nil
            throw error
        }
    }

    private mutating func syncEdge() throws(DiskError) {
        if let edge {
            guard !pending.isEmpty else { return }
            try edge.write(pending, at: edgeSize)
            try edge.sync()
            edgeSize += UInt64(pending.count)
        } else {
            let bytes = allOfEdge()
            try disk.replace(LogEdge.path, with: bytes)
            edge = try disk.open(LogEdge.path, creating: false)
            edgeSize = UInt64(bytes.count)
        }
        pending.removeAll(keepingCapacity: true)
        syncedSize = size
    }

    /// Writes full bundles and their tiles, the bundle last: where it is, all that it completes is.
    mutating func writeFull() throws(DiskError) {
        for bundle in full {
            for tile in bundle.tiles {
                try LogWriter.write(Tile.path(level: tile.level, tile.number), Tile.bytes(tile.digests), on: disk)
            }
            try LogWriter.write(Tile.bundlePath(bundle.number), bundle.entries.bytes, on: disk)
        }
        full.removeAll()
        keepRows()
    }

    /// Where `full` is empty.
    mutating func keepRows() { rows = levels }

    private static func write(_ path: String, _ bytes: [UInt8], on disk: any Disk) throws(DiskError) {
        try disk.makeDirectory(Tile.directories(of: path)[0])
        try disk.replace(path, with: bytes)
    }

    private func allOfEdge() -> [UInt8] {
        let bundles = full.map(\.entries) + [partial]
        var bytes = LogEdge.head(size - bundles.reduce(0) { $0 + UInt64($1.leaves.count) }, rows)
        bytes.reserveCapacity(bundles.reduce(bytes.count) { $0 + $1.bytes.count + $1.leaves.count * Digest.byteCount })
        for bundle in bundles { bundle.appendItems(to: &bytes) }
        return bytes
    }
}
