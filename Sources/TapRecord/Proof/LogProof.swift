/// That entries stand in a log of some size at their places: the roots of the subtrees between them, from left to right.
///
/// With the entries' leaf digests they give the root that a checkpoint of that size has signed, and on the way those of
/// smaller sizes.
struct LogProof: Sendable, Hashable {
    enum Step: Sendable, Hashable {
        /// The next entries that are given; the first has this index.
        case entries(first: UInt64, count: UInt64)
        /// The root of 2^height entries that are not given.
        case hash(height: Int, Digest)
    }

    /// Entries of the log.
    let size: UInt64
    let steps: [Step]

    static let format = 1
    private static let title = "tap.record.v1/proof"
    /// Bytes of its text.
    static let longest: UInt64 = 1 << 24

    /// Reads tiles at the borders of ranges, and `edge`. Blocks as long as the medium does.
    ///
    /// - Parameters:
    ///   - ranges: of entries, apart, from left to right.
    ///   - cuts: sizes of which the root is to follow too.
    ///   - size: at least the end of the last range.
    init(of ranges: [Range<UInt64>], cuts: Set<UInt64>, size: UInt64, on disk: any Disk) throws(LogProblem) {
        var nodes = try NodeReader(on: disk)
        var steps: [Step] = []
        var done: UInt64 = 0
        func gap(to end: UInt64) throws(LogProblem) {
            let ends = cuts.filter { $0 > done && $0 < end }.sorted() + [end]
            for end in ends where end > done {
                for node in RangeProof.Node.covering(done..<end) {
                    steps.append(.hash(height: node.height, try nodes.digest(node)))
                }
                done = end
            }
        }
        for range in ranges where !range.isEmpty {
            try gap(to: range.lowerBound)
            steps.append(.entries(first: range.lowerBound, count: UInt64(range.count)))
            done = range.upperBound
        }
        try gap(to: size)
        (self.size, self.steps) = (size, steps)
    }

    /// What is wrong with a text, in words.
    struct Problem: Error, Hashable {
        var what: String
        var isNewer = false
    }

    /// Entries that are given.
    var entryCount: UInt64 {
        steps.reduce(0) { sum, step in
            if case .entries(_, let count) = step { return sum + count }
            return sum
        }
    }

    var text: String {
        let lines = steps.map { step in
            switch step {
            case .entries(let first, let count): "entries \(first) \(count)"
            case .hash(let height, let digest): "hash \(height) \(digest.base64)"
            }
        }
        return "\(LogProof.title) \(LogProof.format)\n\(size)\n" + lines.map { $0 + "\n" }.joined()
    }

    /// From such a text and no other. Each step begins where the one before ended, and a subtree at a multiple of its size.
    init(parsing bytes: [UInt8]) throws(Problem) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let title = lines[0].split(separator: " ")
        guard title.count == 2, title[0] == LogProof.title, let format = Int(title[1]) else {
            throw Problem(what: "is none of a proof")
        }
        guard format == LogProof.format else {
            throw Problem(
                what: "is of format \(format), and this tap knows format \(LogProof.format)", isNewer: format > 1)
        }
        guard lines.count > 2, let size = UInt64(lines[1]), size >> 56 == 0 else { throw Problem(what: "has no size") }
        var steps: [Step] = []
        var done: UInt64 = 0
        for line in lines[2...].dropLast() {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 3, let number = UInt64(words[1]), number >> 56 == 0 else {
                throw Problem(what: "has a line that is neither entries nor a hash")
            }
            if words[0] == "entries", let count = UInt64(words[2]), count > 0, count <= size, number == done {
                steps.append(.entries(first: number, count: count))
                done += count
            } else if words[0] == "hash", number < 56, let digest = Base64.decode(words[2]).flatMap({ Digest($0) }),
                done & (1 << number - 1) == 0
            {
                steps.append(.hash(height: Int(number), digest))
                done += 1 << number
            } else {
                throw Problem(what: "has a step that does not follow the one before")
            }
            guard done <= size else { throw Problem(what: "goes beyond its size") }
        }
        guard done == size else { throw Problem(what: "does not come to its size") }
        (self.size, self.steps) = (size, steps)
        guard Array(text.utf8) == bytes else { throw Problem(what: "is not written as it must be") }
    }

    /// Index of each entry that is given.
    var indexes: [UInt64] {
        steps.flatMap { step -> [UInt64] in
            guard case .entries(let first, let count) = step else { return [] }
            return Array(first..<first + count)
        }
    }

    /// Goes through it from left to right, and calls `body` with the tree at each size that it comes to.
    ///
    /// - Parameters:
    ///   - leaves: leaf digests of the entries that are given, `entryCount` of them.
    ///   - body: the second is the index among `leaves` of the next one.
    func fold(_ leaves: [Digest], _ body: (Tree, Int) -> Void) {
        var tree = Tree()
        var next = 0
        body(tree, next)
        for step in steps {
            switch step {
            case .entries(_, let count):
                for _ in 0..<count {
                    tree.append(leaves[next])
                    next += 1
                    body(tree, next)
                }
            case .hash(let height, let digest):
                tree.append(subtree: digest, level: UInt64(height))
                body(tree, next)
            }
        }
    }

    /// The digests beside the path from an entry to the root, the lowest first (RFC 6962).
    ///
    /// - Parameter index: of an entry that is given.
    func path(to index: UInt64, _ leaves: [Digest]) -> [Digest] {
        var nodes: [(begin: UInt64, height: Int, digest: Digest)] = []
        var next = 0
        var done: UInt64 = 0
        for step in steps {
            switch step {
            case .entries(_, let count):
                for _ in 0..<count {
                    nodes.append((done, 0, leaves[next]))
                    next += 1
                    done += 1
                }
            case .hash(let height, let digest):
                nodes.append((done, height, digest))
                done += 1 << UInt64(height)
            }
        }
        var path: [Digest] = []
        LogProof.path(to: index, nodes[...], 0..<size, &path)
        return path
    }

    /// - Returns: the root of a part of the tree.
    @discardableResult
    private static func path(
        to index: UInt64, _ nodes: ArraySlice<(begin: UInt64, height: Int, digest: Digest)>, _ range: Range<UInt64>,
        _ path: inout [Digest]
    ) -> Digest {
        guard nodes.count > 1, let first = nodes.first else { return nodes.first?.digest ?? .emptyRoot }
        // The largest power of two that is less.
        let half = UInt64(1) << UInt64(63 - (UInt64(range.count) - 1).leadingZeroBitCount)
        let middle = range.lowerBound + half
        let split = nodes.firstIndex { $0.begin >= middle } ?? nodes.endIndex
        guard split > nodes.startIndex, split < nodes.endIndex else { return first.digest }
        let left = LogProof.path(to: index, nodes[..<split], range.lowerBound..<middle, &path)
        let right = LogProof.path(to: index, nodes[split...], middle..<range.upperBound, &path)
        if range.contains(index) { path.append(index < middle ? right : left) }
        return Digest.node(left, right)
    }
}
