import TapCore
import TestSupport

@testable import TapRecord

/// What was written on a disk and what was promised of it, to be cut.
struct CutScene {
    let disk: CutDisk
    let key: VerifierKey
    /// Each with the number of operations after which it holds.
    var promises: [CutRun.Promise]
    var checkpoints: [(operations: Int, Checkpoint)]
    /// Operations before the first cut.
    var first: Int
    /// Chunks may be gone with their segments.
    var isDropping = false

    /// Of a new store.
    init(_ run: CutRun) {
        disk = CutDisk(run.disk.operations)
        (key, promises, first) = (run.verifierKey, run.promises, run.made)
        checkpoints = CutScene.checkpoints(in: disk.operations)
    }

    /// Of the next session of a store that was cut.
    init?(after cut: CutDisk.Cut, of scene: CutScene) {
        let left = scene.disk.disk(after: cut)
        let state = left.state
        guard let run = try? CutRun(on: left), (try? CutScene.playShort(run)) != nil else { return nil }
        disk = CutDisk(left.operations, on: state)
        key = scene.key
        promises =
            scene.promises.filter { $0.operations <= cut.operations }.map { .init(operations: 0, scan: $0.scan) }
            + run.promises
        checkpoints =
            scene.checkpoints.filter { $0.operations <= cut.operations }.map { (0, $0.1) }
            + CutScene.checkpoints(in: left.operations)
        (first, isDropping) = (0, scene.isDropping)
    }

    static func playShort(_ run: CutRun) throws {
        run.add(0)
        run.add(1)
        try run.commit()
        try run.stop()
    }

    /// Prefixes, parts of what was not synced, and some by dice: so many, evenly.
    func cuts(_ limit: Int) -> [CutDisk.Cut] {
        let (prefixes, parts) = disk.cuts(from: first)
        let count = max(1, limit / 4)
        let random = (0..<count).map { index in
            CutDisk.Cut(
                operations: first + index * (disk.operations.count - first) / count,
                kept: .some(seed: Soak.seed << 32 | UInt64(index)))
        }
        return CutScene.some(prefixes, limit / 4) + CutScene.some(parts, limit / 2) + random
    }

    /// So many of them, evenly.
    static func some<Value>(_ values: [Value], _ count: Int) -> [Value] {
        guard values.count > count else { return values }
        return (0..<count).map { values[$0 * values.count / count] }
    }

    /// What does not hold after a cut, and after the session that follows it.
    func failures(after cut: CutDisk.Cut) throws -> [String] {
        let left = disk.disk(after: cut)
        let before = checkpoints.filter { $0.operations <= cut.operations }.map(\.1)
        var verifier = StoreVerifier(left, key: key, seen: before)
        let found = try verifier.run(isRecording: false)
        var failures = found.findings.filter { [.altered, .missing, .unreadable, .forked].contains($0.kind) }
            .map { "after the cut: \($0.kind) \($0.place) \($0.what)" }
        do {
            let next = try CutRun(on: left)
            try CutScene.playShort(next)
            let scans = promises.filter { $0.operations <= cut.operations }.map(\.scan) + next.promises.map(\.scan)
            let signed = before + CutScene.checkpoints(in: left.operations).map(\.1)
            failures += try CutScene.wrong(with: left, key, signed, scans, isDropping)
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
        let read = try CutScene.scans(on: disk)
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
        operations.enumerated().compactMap { index, operation in
            guard case .write(_, _, let bytes) = operation, let note = CheckpointFile.note(bytes),
                let checkpoint = try? Checkpoint(parsing: note.text)
            else { return nil }
            return (index + 1, checkpoint)
        }
    }
}
