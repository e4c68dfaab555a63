/// A Merkle tree of RFC 6962 as its right edge: the roots of the full subtrees that it consists of.
public struct Tree: Sendable, Hashable {
    /// Number of entries.
    public private(set) var size: UInt64 = 0
    /// Roots of full subtrees from left to right, one for each bit of `size` that is set.
    private(set) var subtrees: [Digest] = []

    public init() {}

    /// nil: a tree of this size has another number of subtrees.
    init?(size: UInt64, subtrees: [Digest]) {
        guard subtrees.count == size.nonzeroBitCount else { return nil }
        (self.size, self.subtrees) = (size, subtrees)
    }

    /// - Parameter leaf: an entry's leaf digest.
    public mutating func append(_ leaf: Digest) { append(subtree: leaf, level: 0) }

    /// Appends 2^level entries at once.
    ///
    /// - Parameters:
    ///   - subtree: their root.
    ///   - level: `size` must be a multiple of 2^level.
    mutating func append(subtree: Digest, level: UInt64) {
        precondition(size & (1 << level - 1) == 0, "a subtree begins at a multiple of its size")
        var root = subtree
        var rest = size >> level
        while rest & 1 == 1 {
            root = Digest.node(subtrees.removeLast(), root)
            rest >>= 1
        }
        subtrees.append(root)
        size += 1 << level
    }

    public var root: Digest {
        guard var root = subtrees.last else { return .emptyRoot }
        for left in subtrees.dropLast().reversed() { root = Digest.node(left, root) }
        return root
    }
}
