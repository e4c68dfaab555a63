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
    static let longest: UInt64 = 1 << 22

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
        var text = "\(LogProof.title) \(LogProof.format)\n\(size)\n"
        for step in steps {
            switch step {
            case .entries(let first, let count): text += "entries \(first) \(count)\n"
            case .hash(let height, let digest): text += "hash \(height) \(digest.base64)\n"
            }
        }
        return text
    }

    /// From such a text and no other. Each step begins where the one before ended, and a subtree at a multiple of its size.
    init(parsing bytes: [UInt8]) throws(Problem) {
        // Line by line: a hostile one may have nothing but ends of lines.
        var rest = bytes[...]
        func line() throws(Problem) -> Substring {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
                throw Problem(what: "is not written as it must be")
            }
            defer { rest = rest[(end + 1)...] }
            return Substring(decoding: rest[..<end], as: UTF8.self)
        }
        let title = (try? line())?.split(separator: " ", maxSplits: 2) ?? []
        guard title.count == 2, title[0] == LogProof.title, let format = Int(title[1]) else {
            throw Problem(what: "is none of a proof")
        }
        guard format == LogProof.format else {
            throw Problem(
                what: "is of format \(format), and this tap knows format \(LogProof.format)", isNewer: format > 1)
        }
        guard let number = try? line(), let size = UInt64(number), size >> 56 == 0 else {
            throw Problem(what: "has no size")
        }
        var steps: [Step] = []
        var done: UInt64 = 0
        while !rest.isEmpty {
            let (step, end) = try LogProof.step(line(), at: done)
            guard end <= size else { throw Problem(what: "goes beyond its size") }
            steps.append(step)
            done = end
        }
        guard done == size else { throw Problem(what: "does not come to its size") }
        (self.size, self.steps) = (size, steps)
        guard text.utf8.elementsEqual(bytes) else { throw Problem(what: "is not written as it must be") }
    }

    /// - Parameter done: entries before it.
    /// - Returns: and those before what follows.
    private static func step(_ line: Substring, at done: UInt64) throws(Problem) -> (Step, UInt64) {
        let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count == 3, let number = UInt64(words[1]), number >> 56 == 0 else {
            throw Problem(what: "has a line that is neither entries nor a hash")
        }
        if words[0] == "entries", let count = UInt64(words[2]), count > 0, count >> 56 == 0, number == done {
            return (.entries(first: number, count: count), done + count)
        }
        if words[0] == "hash", number < 56, let digest = Base64.decode(words[2]).flatMap({ Digest($0) }),
            done & (1 << number - 1) == 0
        {
            return (.hash(height: Int(number), digest), done + 1 << number)
        }
        throw Problem(what: "has a step that does not follow the one before")
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
        var walk = Walk(self)
        var next = 0
        walk.pass { body($0, next) }
        for leaf in leaves {
            walk.take(leaf)
            next += 1
            body(walk.tree, next)
            walk.pass { body($0, next) }
        }
    }

    /// Goes through it as entries come.
    struct Walk {
        private(set) var tree = Tree()
        private let steps: [Step]
        private var place = 0
        /// Of the entries of a step.
        private var taken: UInt64 = 0

        init(_ proof: LogProof) { steps = proof.steps }

        /// Takes the next entry. `pass` must have been called.
        mutating func take(_ leaf: Digest) {
            tree.append(leaf)
            taken += 1
            guard case .entries(_, let count) = steps[place], taken == count else { return }
            (place, taken) = (place + 1, 0)
        }

        /// Goes on to the next entry that is given, or the end.
        mutating func pass(_ body: (Tree) -> Void = { _ in }) {
            if place == 0, taken == 0 { body(tree) }
            while place < steps.count, case .hash(let height, let digest) = steps[place] {
                tree.append(subtree: digest, level: UInt64(height))
                place += 1
                body(tree)
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
