/// That consecutive entries stand in a log of some size at their place: the roots of the subtrees on both sides of them.
///
/// With the entries they give the root that a checkpoint of that size has signed.
public struct RangeProof: Sendable, Hashable {
    /// Index of the first entry.
    public let first: UInt64
    /// Entries of the log.
    public let size: UInt64
    /// From left to right, largest first.
    public let left: [Digest]
    /// From left to right.
    public let right: [Digest]

    /// Reads at most three tiles of each level, and `edge`. Blocks as long as the medium does.
    ///
    /// - Parameters:
    ///   - range: of entries of the log.
    ///   - size: at most the entries that are there, and at least the range's end.
    /// - Throws: where a tile or `edge` cannot be read, or does not go so far.
    public init(of range: Range<UInt64>, size: UInt64, on disk: any Disk) throws(LogProblem) {
        guard range.upperBound <= size else { throw LogProblem(LogEdge.path, .misplaced(range.upperBound), at: size) }
        var nodes = try NodeReader(on: disk)
        var left: [Digest] = []
        for node in Node.covering(0..<range.lowerBound) { left.append(try nodes.digest(node)) }
        var right: [Digest] = []
        for node in Node.covering(range.upperBound..<size) { right.append(try nodes.digest(node)) }
        (first, self.size, self.left, self.right) = (range.lowerBound, size, left, right)
    }

    /// The root of the log where these are the range's entries; nil: they are not as many.
    ///
    /// - Parameter leaves: leaf digests of the entries.
    public func root(with leaves: [Digest]) -> Digest? {
        guard var tree = Tree(size: first, subtrees: left) else { return nil }
        for leaf in leaves { tree.append(leaf) }
        let rest = tree.size <= size ? Node.covering(tree.size..<size) : []
        guard tree.size <= size, rest.count == right.count else { return nil }
        for (node, digest) in zip(rest, right) { tree.append(subtree: digest, level: UInt64(node.height)) }
        return tree.root
    }

    /// A full subtree: 2^height entries from index * 2^height on.
    struct Node: Hashable {
        var height: Int
        var index: UInt64

        /// The largest that together are a range, from left to right.
        static func covering(_ range: Range<UInt64>) -> [Node] {
            var nodes: [Node] = []
            var begin = range.lowerBound
            while begin < range.upperBound {
                let longest = 63 - (range.upperBound - begin).leadingZeroBitCount
                let height = min(begin == 0 ? 63 : begin.trailingZeroBitCount, longest)
                nodes.append(Node(height: height, index: begin >> UInt64(height)))
                begin += 1 << UInt64(height)
            }
            return nodes
        }
    }
}

/// Digests of subtrees, from tiles and `edge` as it was when it was opened.
struct NodeReader {
    private let disk: any Disk
    private let first: UInt64
    private let rows: [[Digest]]
    private var leaves: [Digest] = []
    /// The newest of each level.
    private var tiles: [(number: UInt64, digests: [Digest])?] = Array(repeating: nil, count: 8)

    init(on disk: any Disk) throws(LogProblem) {
        self.disk = disk
        var edge = try EdgeReader(on: disk)
        (first, rows) = (edge.first, edge.rows)
        while let item = try edge.next() { leaves.append(item.leaf) }
    }

    mutating func digest(_ node: RangeProof.Node) throws(LogProblem) -> Digest {
        let level = node.height / 8
        let inTile = UInt64(node.height % 8)
        let begin = node.index << inTile
        let digests = try tile(level, begin / UInt64(Tile.width))
        let place = Int(begin % UInt64(Tile.width))
        let end = place + 1 << Int(inTile)
        guard end <= digests.count else {
            throw LogProblem(LogEdge.path, .misplaced(first), at: node.index << UInt64(node.height))
        }
        return Tile.root(Array(digests[place..<end]))
    }

    private mutating func tile(_ level: Int, _ number: UInt64) throws(LogProblem) -> [Digest] {
        if number >= first >> UInt64(8 * (level + 1)) {
            if level == 0 { return leaves }
            return level <= rows.count ? rows[level - 1] : []
        }
        if let tile = tiles[level], tile.number == number { return tile.digests }
        let digests = try Tile.read(level: level, number, on: disk)
        tiles[level] = (number, digests)
        return digests
    }
}
