import TapCore
import Testing

@testable import TapRecord

@Suite struct LogProofTests {
    private static func entry(_ index: UInt64) -> [UInt8] { Array("\(index)".utf8) }
    private static func leaf(_ index: UInt64) -> Digest { .leaf(entry(index)) }

    /// A log of so many entries and its roots at some sizes.
    private static func log(_ size: UInt64, _ sizes: Set<UInt64>) throws -> (disk: MemoryDisk, roots: [UInt64: Digest])
    {
        let disk = MemoryDisk()
        var log = try LogWriter.create(on: disk)
        var roots: [UInt64: Digest] = [:]
        for index in 0..<size {
            try log.append(entry(index))
            if sizes.contains(index + 1) { roots[index + 1] = log.root }
        }
        try log.sync()
        return (disk, roots)
    }

    private static func roots(_ proof: LogProof) -> [UInt64: Digest] {
        var roots: [UInt64: Digest] = [:]
        proof.fold(proof.indexes.map(leaf)) { tree, _ in roots[tree.size] = tree.root }
        return roots
    }

    @Test func `ranges and hashes give the root of the log, and of each size that it was cut at`() throws {
        let cuts: Set<UInt64> = [2, 300, 513, 600]
        for size in [3, 255, 256, 257, 700, 1_029] as [UInt64] {
            let (disk, wanted) = try Self.log(size, cuts.union([size]))
            for ranges in [
                [0..<2], [0..<1, 2..<3], [0..<2, max(2, size / 2)..<max(2, size / 2) + 1], [0..<2, 2..<size], [1..<2],
            ]
                as [[Range<UInt64>]]
            {
                let proof = try LogProof(of: ranges, cuts: cuts, size: size, on: disk)
                let roots = Self.roots(proof)
                for cut in cuts.union([size]) where cut <= size {
                    #expect(roots[cut] == wanted[cut], "\(ranges) of \(size)")
                }
                #expect(try LogProof(parsing: Array(proof.text.utf8)) == proof)
            }
        }
    }

    @Test func `the path to an entry is that of RFC 6962`() throws {
        for size in [1, 2, 3, 7, 8, 300] as [UInt64] {
            let (disk, roots) = try Self.log(size, [size])
            for index in Set([0, size / 2, size - 1]) {
                let proof = try LogProof(of: [index..<index + 1], cuts: [], size: size, on: disk)
                let path = proof.path(to: index, [Self.leaf(index)])
                #expect(Self.root(index, size, Self.leaf(index), path) == roots[size], "\(index) of \(size)")
            }
        }
    }

    /// As RFC 9162, 2.1.3.2 has it.
    private static func root(_ index: UInt64, _ size: UInt64, _ leaf: Digest, _ path: [Digest]) -> Digest? {
        var (fn, sn, root) = (index, size - 1, leaf)
        for digest in path {
            guard sn > 0 else { return nil }
            if fn & 1 == 1 || fn == sn {
                root = .node(digest, root)
                while fn & 1 == 0, fn > 0 { (fn, sn) = (fn >> 1, sn >> 1) }
            } else {
                root = .node(root, digest)
            }
            (fn, sn) = (fn >> 1, sn >> 1)
        }
        return sn == 0 ? root : nil
    }

    @Test func `a text that is not written as it must be is refused`() {
        let hash = Digest.emptyRoot.base64
        let title = "tap.record.v1/proof 1\n"
        for (text, what) in [
            ("", "is none of a proof"), ("tap.record.v1/proof\n2\n", "is none of a proof"),
            ("tap.record.v1/proof 2\n2\n", "is of format 2, and this tap knows format 1"),
            (title + "x\n", "has no size"), (title + "99999999999999999999\n", "has no size"),
            (title + "2\nentries 0 1\n", "does not come to its size"),
            (title + "2\nentries 0 3\n", "goes beyond its size"),
            (title + "2\nentries 1 1\n", "has a step that does not follow the one before"),
            (title + "2\nhash 2 \(hash)\n", "goes beyond its size"),
            (title + "3\nentries 0 1\nhash 1 \(hash)\n", "has a step that does not follow the one before"),
            (title + "1\nhash 0 \(hash.dropLast())\n", "has a step that does not follow the one before"),
            (title + "1\nhash 99 \(hash)\n", "has a step that does not follow the one before"),
            (title + "1\nhash 0\n", "has a line that is neither entries nor a hash"),
            (title + "01\nentries 0 1\n", "is not written as it must be"),
            (title + "1\nentries 0 1", "is not written as it must be"), (title + "\n\n\n", "has no size"),
            (title + "1\n\n\n", "has a line that is neither entries nor a hash"),
        ] {
            #expect(throws: LogProof.Problem(what: what, isNewer: text.hasPrefix("tap.record.v1/proof 2")), "\(text)") {
                try LogProof(parsing: Array(text.utf8))
            }
        }
    }
}
