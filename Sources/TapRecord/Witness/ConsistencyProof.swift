/// That a log only grew from one size to another (RFC 6962, 2.1.2).
public enum ConsistencyProof {
    /// As RFC 9162, 2.1.4.2, verifies it.
    public static func holds(_ proof: [Digest], from old: (size: UInt64, root: Digest), to new: Checkpoint) -> Bool {
        if old.size == 0 { return proof.isEmpty }
        if old.size == new.size { return proof.isEmpty && old.root == new.root }
        guard old.size < new.size else { return false }
        var path = proof[...]
        if old.size & (old.size - 1) == 0 { path = ([old.root] + proof)[...] }
        guard let first = path.popFirst() else { return false }
        var (left, right) = (old.size - 1, new.size - 1)
        let full = UInt64(left.trailingOneBitCount)
        (left, right) = (left >> full, right >> full)
        var (oldRoot, newRoot) = (first, first)
        for digest in path {
            guard right != 0 else { return false }
            if left & 1 == 1 || left == right {
                (oldRoot, newRoot) = (.node(digest, oldRoot), .node(digest, newRoot))
                while left & 1 == 0, left != 0 { (left, right) = (left >> 1, right >> 1) }
            } else {
                newRoot = .node(newRoot, digest)
            }
            (left, right) = (left >> 1, right >> 1)
        }
        return oldRoot == old.root && newRoot == new.root && right == 0
    }

    /// From the tiles of a store. Blocks as long as the medium does.
    ///
    /// - Parameters:
    ///   - old: at most `new`.
    ///   - new: at most the entries that are there.
    static func make(from old: UInt64, to new: UInt64, on disk: any Disk) throws(LogProblem) -> [Digest] {
        guard old > 0, old < new else { return [] }
        var nodes = try NodeReader(on: disk)
        var proof: [Digest] = []
        var (begin, end, rest, isWhole) = (UInt64(0), new, old, true)
        // From the root down to where the old tree ends; the proof has the lowest first.
        while rest < end - begin {
            let half = UInt64(1) << UInt64(63 - (end - begin - 1).leadingZeroBitCount)
            if rest <= half {
                proof.append(try root(begin + half..<end, &nodes))
                end = begin + half
            } else {
                proof.append(try root(begin..<begin + half, &nodes))
                (begin, rest, isWhole) = (begin + half, rest - half, false)
            }
        }
        if !isWhole { proof.append(try root(begin..<end, &nodes)) }
        return proof.reversed()
    }

    /// Of the first entries of a store's log.
    static func root(of size: UInt64, on disk: any Disk) throws(LogProblem) -> Digest {
        var nodes = try NodeReader(on: disk)
        return try root(0..<size, &nodes)
    }

    private static func root(_ range: Range<UInt64>, _ nodes: inout NodeReader) throws(LogProblem) -> Digest {
        var digests: [Digest] = []
        for node in RangeProof.Node.covering(range) { digests.append(try nodes.digest(node)) }
        guard var root = digests.popLast() else { return .emptyRoot }
        for left in digests.reversed() { root = .node(left, root) }
        return root
    }
}

extension UInt64 {
    fileprivate var trailingOneBitCount: Int { (~self).trailingZeroBitCount }
}
