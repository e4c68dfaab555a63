import TapCore

@testable import TapRecord

/// A log whose entries are all the same, so that all full tiles of a level are: one of any size costs nothing.
struct UniformLog {
    private static let entry: [UInt8] = [7]
    static var leaf: Digest { Digest.leaf(entry) }

    let size: UInt64

    /// Digests in the tiles of each level.
    private var levels: [Digest] {
        (0..<5).reduce(into: [UniformLog.leaf]) { levels, _ in levels.append(Tile.root(full(levels.last!))) }
    }

    private func full(_ digest: Digest) -> [Digest] { [Digest](repeating: digest, count: Tile.width) }

    /// Read as any log: its tiles and `edge`.
    var disk: any Disk {
        let first = size / UInt64(Tile.width) * UInt64(Tile.width)
        let levels = levels
        let rows = LogEdge.rowCounts(first).enumerated().map { [Digest](repeating: levels[$0 + 1], count: $1) }
        var edge = LogEdge.head(first, rows)
        for _ in first..<size { LogEdge.appendItem(UniformLog.leaf, UniformLog.entry[...], to: &edge) }
        return SameTilesDisk(edge: edge, tiles: levels.map { Tile.bytes(full($0)) })
    }

    var root: Digest {
        var tree = Tree()
        let levels = levels
        for level in (0..<4).reversed() {
            let width = UInt64(8 * level)
            let digest = levels[level]
            for _ in 0..<(size >> width) % 256 { tree.append(subtree: digest, level: width) }
        }
        return tree.root
    }
}

/// Gives the same tile for each number of a level.
private final class SameTilesDisk: Disk {
    private let edge: [UInt8]
    private let tiles: [[UInt8]]

    init(edge: [UInt8], tiles: [[UInt8]]) { (self.edge, self.tiles) = (edge, tiles) }

    func openToRead(_ path: String) throws(DiskError) -> any DiskFile {
        let parts = path.split(separator: "/")
        if path == LogEdge.path { return try file(path, edge) }
        guard parts.count > 2, let level = Int(parts[1]) else { throw DiskError("open", path, .notFound) }
        return try file(path, tiles[level])
    }

    private func file(_ path: String, _ bytes: [UInt8]) throws(DiskError) -> any DiskFile {
        let disk = MemoryDisk()
        disk[path] = bytes
        return try disk.openToRead(path)
    }

    func open(_ path: String, creating: Bool) throws(DiskError) -> any DiskFile {
        throw DiskError("open", path, .readOnly)
    }
    func names(in directory: String) throws(DiskError) -> [String] { [] }
    func makeDirectory(_ path: String) throws(DiskError) { throw DiskError("make", path, .readOnly) }
    func rename(_ path: String, to newPath: String) throws(DiskError) { throw DiskError("rename", path, .readOnly) }
    func remove(_ path: String) throws(DiskError) { throw DiskError("remove", path, .readOnly) }
    func syncDirectory(_ path: String) throws(DiskError) { throw DiskError("sync", path, .readOnly) }
    func freeBytes() -> UInt64? { nil }
}
