import TapCore
import Testing

@testable import TapRecord

@Suite struct ConsistencyProofTests {
    private static func log(_ count: UInt64, _ word: String = "entry") throws -> (MemoryDisk, [Digest]) {
        let disk = MemoryDisk()
        var log = try LogWriter.create(on: disk)
        var roots = [Digest.emptyRoot]
        for index in 0..<count {
            try log.append(Array("\(word) \(index)".utf8))
            roots.append(log.root)
        }
        try log.sync()
        return (disk, roots)
    }

    private static func holds(_ proof: [Digest], _ old: UInt64, _ new: UInt64, _ roots: [Digest]) -> Bool {
        ConsistencyProof.holds(
            proof, from: (old, roots[Int(old)]), to: Checkpoint(origin: "log", size: new, root: roots[Int(new)]))
    }

    @Test func `a proof from tiles holds between any two sizes and no other`() throws {
        let (disk, roots) = try Self.log(520)
        let sizes = Array(0...17) + [31, 32, 33, 64, 255, 256, 257, 511, 512, 513, 520]
        for new in sizes {
            for old in sizes where old <= new {
                let proof = try ConsistencyProof.make(from: UInt64(old), to: UInt64(new), on: disk)
                #expect(Self.holds(proof, UInt64(old), UInt64(new), roots), "\(old) to \(new)")
                #expect(proof.isEmpty == (old == 0 || old == new))
                guard !proof.isEmpty else { continue }
                for wrong in [1, old - 1, old + 1, 256, new] where wrong != old && (1...new).contains(wrong) {
                    let isTaken = Self.holds(proof, UInt64(wrong), UInt64(new), roots)
                    #expect(!isTaken, "\(old) to \(new) as \(wrong)")
                }
                for wrong in [old, new - 1, new + 1, 512] where wrong != new && (old...520).contains(wrong) {
                    let isTaken = Self.holds(proof, UInt64(old), UInt64(wrong), roots)
                    #expect(!isTaken, "\(old) to \(new) as \(wrong)")
                }
            }
        }
    }

    @Test func `each digest of a proof counts, and so does their number`() throws {
        let (disk, roots) = try Self.log(300)
        let other = Digest.leaf([1])
        for (old, new) in [(1, 2), (3, 7), (6, 8), (200, 300), (256, 300), (255, 257)] as [(UInt64, UInt64)] {
            let proof = try ConsistencyProof.make(from: old, to: new, on: disk)
            for place in proof.indices {
                var changed = proof
                changed[place] = other
                #expect(!Self.holds(changed, old, new, roots))
                changed = proof
                changed.remove(at: place)
                #expect(!Self.holds(changed, old, new, roots))
                changed = proof
                changed.insert(other, at: place)
                #expect(!Self.holds(changed, old, new, roots))
            }
            #expect(!Self.holds(proof + [other], old, new, roots))
        }
    }

    @Test func `no proof leads from one log to another`() throws {
        let (disk, roots) = try Self.log(100)
        let (otherDisk, otherRoots) = try Self.log(100, "forged")
        for old in UInt64(1)...99 {
            for disk in [disk, otherDisk] {
                let proof = try ConsistencyProof.make(from: old, to: 100, on: disk)
                #expect(
                    !ConsistencyProof.holds(
                        proof, from: (old, roots[Int(old)]),
                        to: Checkpoint(origin: "log", size: 100, root: otherRoots[100])))
            }
        }
        #expect(Self.holds([], 100, 100, roots))
        #expect(
            !ConsistencyProof.holds(
                [], from: (100, roots[99]), to: Checkpoint(origin: "log", size: 100, root: roots[100])))
    }
}
