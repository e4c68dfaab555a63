import Glibc
import TapCore
import Testing

@testable import TapRecord

/// What a power cut, or a medium that fails, leaves of a store. `TAP_CUTS` is the number of cuts that each test tries.
@Suite struct CutTests {
    static let limit = Int(unsafe getenv("TAP_CUTS").map { unsafe String(cString: $0) } ?? "") ?? 300

    /// Twelve chunks of two sources, an epoch that ends, checkpoints, and a stop.
    static func play(_ run: CutRun) throws {
        for _ in 0..<6 {
            for source in 0..<CutRun.sources { run.add(source) }
            try run.commit()
        }
        try run.stop()
    }

    /// So many of them, evenly.
    static func some<Value>(_ values: [Value], _ count: Int) -> [Value] {
        guard values.count > count else { return values }
        return (0..<count).map { values[$0 * values.count / count] }
    }

    @Test func `Each cut leaves what was promised, and recording goes on`() throws {
        let run = try CutRun.begin()
        try CutTests.play(run)
        #expect(CutTests.checkpoints(in: run.disk.operations).count >= 5)
        try CutTests.tryCuts(of: run, CutTests.limit)
    }

    @Test func `A cut while segments are dropped`() throws {
        let run = try CutRun.begin(options: CutRun.options(keepBytes: 300_000))
        try CutTests.play(run)
        #expect(run.disk.operations.contains(.remove("segments/00000001.mcap")))
        try CutTests.tryCuts(of: run, CutTests.limit / 3, isDropping: true)
    }

    /// - Parameters:
    ///   - isDropping: chunks may be gone with their segments.
    ///   - first: operations before the first cut; nil: those that made the store.
    static func tryCuts(of run: CutRun, _ limit: Int, from first: Int? = nil, isDropping: Bool = false) throws {
        let cutDisk = CutDisk(run.disk.operations)
        let first = first ?? run.made
        let (prefixes, parts) = cutDisk.cuts(from: first)
        let random = (0..<limit / 4).map { index in
            CutDisk.Cut(
                operations: first + index * (cutDisk.operations.count - first) / (limit / 4),
                kept: .some(seed: UInt64(index)))
        }
        let signed = checkpoints(in: cutDisk.operations)
        for cut in some(prefixes, limit / 4) + some(parts, limit / 2) + random {
            let failed = try failures(after: cut, of: run, cutDisk, signed, isDropping)
            #expect(failed == [], "\(cut) of \(cutDisk.operations.count)")
        }
    }

    private static func failures(
        after cut: CutDisk.Cut, of run: CutRun, _ cutDisk: CutDisk, _ signed: [(operations: Int, Checkpoint)],
        _ isDropping: Bool
    ) throws -> [String] {
        var failures: [String] = []
        let disk = cutDisk.disk(after: cut)
        let before = signed.filter { $0.operations <= cut.operations }
        var verifier = StoreVerifier(disk, key: run.verifierKey, seen: before.map(\.1))
        let found = try verifier.run(isRecording: false)
        for finding in found.findings where [.altered, .missing, .unreadable].contains(finding.kind) {
            failures.append("after the cut: \(finding.kind) \(finding.place) \(finding.what)")
        }
        do {
            let next = try CutRun(on: disk)
            next.add(0)
            next.add(1)
            try next.commit()
            try next.stop()
            let scans = run.promises.filter { $0.operations <= cut.operations }.map(\.scan) + next.promises.map(\.scan)
            let after = checkpoints(in: disk.operations).map(\.1)
            failures += try wrong(with: disk, run.verifierKey, before.map(\.1) + after, scans, isDropping)
        } catch { failures.append("cannot go on: \(error)") }
        return failures
    }

    /// What is wrong with a store that is to be without any fault.
    static func wrong(
        with disk: MemoryDisk, _ key: VerifierKey, _ signed: [Checkpoint], _ scans: [UInt64], _ isDropping: Bool = false
    ) throws -> [String] {
        var verifier = StoreVerifier(disk, key: key, seen: signed)
        let found = try verifier.run(isRecording: false)
        var failures = found.findings.map { "\($0.kind) \($0.place) \($0.what)" }
        if found.checkpoint?.size != found.size { failures.append("entries without a checkpoint") }
        let read = try CutTests.scans(on: disk)
        failures += scans.filter { !read.contains($0) && !isDropping }.map { "scan \($0) was promised and is lost" }
        if Set(read).count != read.count { failures.append("scans are there twice") }
        failures += disk.paths.filter { $0.hasSuffix(".new") }.map { "\($0) is left" }
        if disk["keys/recovery.next"] != nil { failures.append("keys/recovery.next is left") }
        return failures
    }

    /// Numbers of the first scans of all chunks.
    static func scans(on disk: MemoryDisk) throws -> [UInt64] {
        var reader = try StoreReader(disk, "store")
        var collector = RecordCollector()
        var buffer = RecordBuffer()
        while try reader.read(into: &buffer) { buffer.drain(into: &collector) }
        buffer.drain(into: &collector)
        return collector.records.compactMap {
            if case .scans(let block, _) = $0, block.sequence % 100 == 0 { block.sequence } else { nil }
        }
    }

    /// All that were signed, each with the number of operations after which one may have left the machine.
    static func checkpoints(in operations: [MemoryDisk.Operation]) -> [(operations: Int, Checkpoint)] {
        var signed: [(operations: Int, Checkpoint)] = []
        for (index, operation) in operations.enumerated() {
            guard case .write(_, _, let bytes) = operation, let note = try? SignedNote(parsing: bytes),
                let checkpoint = try? Checkpoint(parsing: note.text)
            else { continue }
            signed.append((index + 1, checkpoint))
        }
        return signed
    }
}
