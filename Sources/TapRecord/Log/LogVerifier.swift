/// Reads the entries of a log in their order and checks its own files: every bundle and tile is what the entries give.
///
/// What differs is collected, and reading goes on. On a live log it gives what was there when it came to the end. It holds
/// one bundle and a tile of each level. Blocks as long as the medium does; one thread at a time.
public struct LogVerifier: Sendable {
    let disk: any Disk
    private var reader: LogReader
    /// Of the entries that `next` gave; where a bundle cannot be read, of its tile.
    public private(set) var tree = Tree()
    private var fullTiles = Tree()
    /// Behind the last full bundle.
    private var partial = PartialBundle()
    /// Of each level but the lowest, the digests of its tile that is not full, as the entries give them.
    private var levels: [[Digest]] = []
    /// First entry of the `edge` whose head was compared.
    private var comparedHead: UInt64 = 0

    /// The first hundred, in the order in which they were found.
    public private(set) var problems: [LogProblem] = []
    public private(set) var problemCount: UInt64 = 0

    static let mostProblems = 100

    public init(on disk: any Disk) throws(LogProblem) {
        self.disk = disk
        reader = try LogReader(on: disk)
    }

    /// As `tree`, of the leaf digests in tiles and those of `edge`. Where the two differ, that which fits a checkpoint is
    /// right.
    public var treeOfTiles: Tree {
        var tree = fullTiles
        for leaf in partial.leaves { tree.append(leaf) }
        return tree
    }

    /// Bytes of `edge` behind the last entry, where `next` gave nil: of an item that was not completely written.
    public func bytesBehind() throws(LogProblem) -> UInt64 { try reader.bytesBehind() }

    /// The next entry; nil: the log ends here, for now. Entries of a bundle that cannot be read are left out; it is among
    /// the problems.
    ///
    /// - Throws: where `edge` cannot be read.
    public mutating func next() throws(LogProblem) -> (index: UInt64, entry: [UInt8])? {
        while true {
            do throws(LogProblem) {
                guard let (index, entry) = try reader.next() else {
                    compareHead()
                    return nil
                }
                let leaf = Digest.leaf(entry)
                tree.append(leaf)
                partial.append(entry, leaf)
                if partial.leaves.count == Tile.width { checkBundle(isThere: reader.isInBundle) }
                return (index, entry)
            } catch {
                let number = reader.index / UInt64(Tile.width)
                guard error.file == Tile.bundlePath(number) else { throw error }
                // Without its tile either, nothing says how many more there should be.
                if error.what == .missing, (try? LogFile.isThere(Tile.path(level: 0, number), on: disk)) != true {
                    throw error
                }
                skipBundle(error)
            }
        }
    }

    mutating func add(_ problem: LogProblem) {
        problemCount += 1
        if problems.count < LogVerifier.mostProblems { problems.append(problem) }
    }

    /// Its first entry is the next.
    private mutating func skipBundle(_ problem: LogProblem) {
        let number = reader.index / UInt64(Tile.width)
        add(LogProblem(problem.file, problem.what, at: reader.index))
        var digests = [Digest](repeating: .emptyRoot, count: Tile.width)
        do throws(LogProblem) { digests = try Tile.read(level: 0, number, on: disk) } catch { add(error) }
        for digest in digests { tree.append(digest) }
        let root = Tile.root(digests)
        fullTiles.append(subtree: root, level: 8)
        addRoot(root, number, isThere: true)
        reader.seek(to: (number + 1) * UInt64(Tile.width))
    }

    /// - Parameter isThere: whether it and its tiles must be there; otherwise they may.
    private mutating func checkBundle(isThere: Bool) {
        let number = tree.size / UInt64(Tile.width) - 1
        if !isThere { compare(Tile.bundlePath(number), with: partial.bytes) }
        let root = Tile.root(partial.leaves)
        var rootOfTile = root
        if let digests = tile(level: 0, number, isThere: isThere), digests != partial.leaves {
            rootOfTile = Tile.root(digests)
            for (place, (digest, leaf)) in zip(digests, partial.leaves).enumerated() where digest != leaf {
                let index = number * UInt64(Tile.width) + UInt64(place)
                add(LogProblem(Tile.path(level: 0, number), .differs, at: index))
            }
        }
        fullTiles.append(subtree: rootOfTile, level: 8)
        addRoot(root, number, isThere: isThere)
        partial = PartialBundle()
        compareHead()
    }

    /// Where `edge` begins behind the bundles that were read.
    private mutating func compareHead() {
        let head = reader.head
        guard head.first == fullTiles.size, head.first != comparedHead else { return }
        comparedHead = head.first
        for (level, (row, given)) in zip(head.rows, levels).enumerated() {
            guard let place = zip(row, given).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset
            else { continue }
            let row = (head.first >> UInt64(8 * (level + 2))) << UInt64(8 * (level + 2))
            add(LogProblem(LogEdge.path, .differs, at: row + UInt64(place) << UInt64(8 * (level + 1))))
        }
    }

    /// The root of a tile of level 0 to the levels above.
    private mutating func addRoot(_ root: Digest, _ number: UInt64, isThere: Bool) {
        var root = root
        var number = number
        for level in 1... {
            if levels.count < level { levels.append([]) }
            levels[level - 1].append(root)
            guard levels[level - 1].count == Tile.width else { return }
            let digests = levels[level - 1]
            levels[level - 1] = []
            number /= UInt64(Tile.width)
            root = Tile.root(digests)
            guard let found = tile(level: level, number, isThere: isThere), found != digests else { continue }
            let place = zip(found, digests).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
            let index = (number * UInt64(Tile.width) + UInt64(place)) << UInt64(8 * level)
            add(LogProblem(Tile.path(level: level, number), .differs, at: index))
        }
    }

    /// nil: it is not there or cannot be read, which is among the problems where it is one.
    private mutating func tile(level: Int, _ number: UInt64, isThere: Bool) -> [Digest]? {
        do throws(LogProblem) { return try Tile.read(level: level, number, on: disk) } catch {
            if isThere || error.what != .missing { add(error) }
            return nil
        }
    }

    /// A bundle whose entries `edge` still has.
    private mutating func compare(_ path: String, with bytes: [UInt8]) {
        do throws(LogProblem) {
            let found = try LogFile.contents(path, atMost: UInt64(Tile.longestBundle), on: disk)
            if found != bytes { add(LogProblem(path, .differs, at: tree.size - UInt64(Tile.width))) }
        } catch {
            if error.what != .missing { add(error) }
        }
    }
}
