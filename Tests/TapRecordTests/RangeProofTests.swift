import TapCore
import Testing

@testable import TapRecord

@Suite struct RangeProofTests {
    private static func leaf(_ index: UInt64) -> Digest { Digest.leaf(Array("\(index)".utf8)) }

    @Test func `a range and its proof give the root of any size`() throws {
        let disk = MemoryDisk()
        var log = try LogWriter.create(on: disk)
        var roots: [UInt64: Digest] = [:]
        let sizes: [UInt64] = [1, 255, 256, 700, 65_536, 66_000, 66_561]
        for index in 0..<UInt64(66_561) {
            try log.append(Array("\(index)".utf8))
            if sizes.contains(index + 1) { roots[index + 1] = log.root }
        }
        try log.sync()
        for size in sizes {
            for range in [0..<1, 0..<size, size - 1..<size, size / 3..<size / 3 + size / 7, size / 2..<size / 2] {
                let proof = try RangeProof(of: range, size: size, on: disk)
                #expect(proof.root(with: range.map(Self.leaf)) == roots[size], "\(range) of \(size)")
                guard range.count > 1 else { continue }
                // Not with another entry, nor at another place, nor with one less.
                #expect(proof.root(with: range.dropLast().map(Self.leaf) + [Self.leaf(7_000_000)]) != roots[size])
                #expect(proof.root(with: range.reversed().map(Self.leaf)) != roots[size])
                #expect(proof.root(with: range.dropLast().map(Self.leaf)) != roots[size])
            }
        }
    }

    @Test func `a range that is not in the log has no proof`() throws {
        let disk = MemoryDisk()
        var log = try LogWriter.create(on: disk)
        for index in 0..<300 { try log.append(Array("\(index)".utf8)) }
        try log.sync()
        #expect(throws: LogProblem("edge", .misplaced(9), at: 8)) { try RangeProof(of: 3..<9, size: 8, on: disk) }
        #expect(throws: LogProblem.self) { try RangeProof(of: 3..<9, size: 301, on: disk) }
        disk["tile/0/000"] = nil
        #expect(throws: LogProblem("tile/0/000", .missing)) { try RangeProof(of: 3..<9, size: 300, on: disk) }
    }

    /// What a proof costs out of a year, with one chunk each second: docs/benchmarks.md has the number.
    @Test func `a proof out of a year needs at most 20 reads`() throws {
        let size: UInt64 = 365 * 86_400 + 77
        let disk = CountingDisk(UniformLog(size: size).disk)
        var most = 0
        for (first, count) in [(1, 3_600), (15_000_001, 86_400), (16_777_215, 2), (size - 4_000, 3_600)]
            as [(UInt64, UInt64)]
        {
            disk.reset()
            let proof = try RangeProof(of: first..<first + count, size: size, on: disk)
            most = max(most, disk.read(below: "").calls)
            let leaves = [Digest](repeating: UniformLog.leaf, count: Int(count))
            #expect(proof.root(with: leaves) == UniformLog(size: size).root)
        }
        #expect(most == 9)
    }
}
