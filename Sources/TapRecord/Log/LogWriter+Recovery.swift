extension LogWriter {
    /// Goes on in a log, also after a cut at any point.
    ///
    /// Reads `edge` and at most 255 tiles of each level; checks sizes alone. All that it finds is on the medium when it
    /// returns, and an item that was not completely written is removed from `edge`.
    ///
    /// - Returns: the log, and the bytes of what was removed.
    public static func open(on disk: any Disk) throws(LogProblem) -> (log: LogWriter, tornBytes: UInt64) {
        var edge = try EdgeReader(on: disk)
        let width = UInt64(Tile.width)
        var bundles = edge.first / width
        if bundles > 0, !(try LogFile.isThere(Tile.bundlePath(bundles - 1), on: disk)) {
            throw LogProblem(Tile.bundlePath(bundles - 1), .missing, at: (bundles - 1) * width)
        }
        // Those that a cut kept from being taken out of `edge`.
        while try LogFile.isThere(Tile.bundlePath(bundles), on: disk) { bundles += 1 }
        var log = LogWriter(empty: disk)
        try log.rebuild(bundles)
        log.keepRows()
        do throws(DiskError) { try log.syncNames(bundles) } catch { throw LogProblem(error, in: error.path) }
        while let item = try edge.next() {
            guard item.index >= bundles * width else { continue }
            log.take(item.entry, item.leaf)
            guard log.full.count > 8 else { continue }
            do throws(DiskError) { try log.writeFull() } catch { throw LogProblem(error, in: error.path) }
        }
        guard edge.index >= bundles * width else {
            throw LogProblem(LogEdge.path, .misplaced(edge.first), at: edge.index)
        }
        let tornBytes = try edge.rest()
        do throws(DiskError) { try log.sync() } catch { throw LogProblem(error, in: error.path) }
        return (log, tornBytes)
    }

    /// The tree up to the end of so many full bundles, from tiles.
    private mutating func rebuild(_ bundles: UInt64) throws(LogProblem) {
        let width = UInt64(Tile.width)
        var tiles = bundles
        var level = 0
        while tiles > 0 {
            // The tile above holds the roots of these.
            var digests: [Digest] = []
            for number in (tiles - tiles % width)..<tiles {
                digests.append(Tile.root(try Tile.read(level: level, number, on: disk)))
            }
            levels.append(digests)
            tiles /= width
            level += 1
        }
        for (level, digests) in levels.enumerated().reversed() {
            for digest in digests { tree.append(subtree: digest, level: UInt64(8 * (level + 1))) }
        }
    }

    /// Names that a process gave before it was killed may not be on the medium yet.
    private func syncNames(_ bundles: UInt64) throws(DiskError) {
        guard bundles > 0 else { return }
        var paths = [Tile.bundlePath(bundles - 1)]
        var tiles = bundles
        while tiles > 0 {
            paths.append(Tile.path(level: paths.count - 1, tiles - 1))
            tiles /= UInt64(Tile.width)
        }
        for path in paths {
            for directory in Tile.directories(of: path) { try disk.syncDirectory(directory) }
        }
        try disk.syncDirectory("")
    }
}
