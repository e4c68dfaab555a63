import TapCore
import Testing

@testable import TapRecord

/// A medium that gives an error at any of its calls: recording goes on in another segment, and nothing is lost.
@Suite struct FailureTests {
    /// Twelve chunks as in `CutTests.play`; what fails is tried again, as a recorder does it.
    ///
    /// - Returns: calls that failed.
    static func play(_ run: CutRun) throws -> Int {
        var failed = 0
        for _ in 0..<6 {
            for source in 0..<CutRun.sources { run.add(source) }
            do { try run.commit() } catch { failed += 1 }
        }
        // The last one may have failed.
        try run.commit()
        do { try run.stop() } catch {
            failed += 1
            try run.stop()
        }
        return failed
    }

    static var operations: Int {
        get throws {
            let run = try CutRun.begin()
            let count = run.disk.operations.count
            _ = try play(run)
            return run.disk.operations.count - count
        }
    }

    @Test(arguments: [Errno.inputOutput, .noSpace]) func `One call fails`(errno: Errno) throws {
        let count = try FailureTests.operations
        for failing in CutScene.some(Array(0..<count), CutTests.limit / 4) {
            let run = try CutRun.begin()
            run.disk.fail(after: failing, with: errno, times: 1)
            let failed: [String]
            do {
                _ = try FailureTests.play(run)
                failed = try FailureTests.wrong(with: run)
            } catch { failed = ["cannot go on: \(error)"] }
            #expect(failed == [], "call \(failing) of \(count)")
        }
    }

    @Test func `Several calls in a row fail`() throws {
        let count = try FailureTests.operations
        for failing in CutScene.some(Array(0..<count), CutTests.limit / 10) {
            let run = try CutRun.begin()
            run.disk.fail(after: failing, with: .inputOutput, times: 2 + failing % 7)
            for _ in 0..<6 {
                for source in 0..<CutRun.sources { run.add(source) }
                try? run.commit()
            }
            var failed: [String] = ["cannot go on"]
            for _ in 0..<20 {
                do {
                    try run.commit()
                    try run.stop()
                    failed = try FailureTests.wrong(with: run)
                    break
                } catch { failed = ["cannot go on: \(error)"] }
            }
            #expect(failed == [], "from call \(failing) of \(count) on")
        }
    }

    /// Now, and after a cut and another session.
    private static func wrong(with run: CutRun) throws -> [String] {
        let operations = run.disk.operations
        let signed = CutScene.checkpoints(in: operations).map(\.1)
        let scans = run.promises.map(\.scan)
        var failures: [String] = []
        if scans.count != 12 { failures.append("\(scans.count) chunks are promised") }
        failures += try CutScene.wrong(with: run.disk, run.verifierKey, signed, scans).map { "at the end: \($0)" }
        let disk = CutDisk(operations).disk(after: CutDisk.Cut(operations: operations.count, kept: .none))
        let next = try CutRun(on: disk)
        next.add(0)
        try next.commit()
        try next.stop()
        let all = signed + CutScene.checkpoints(in: disk.operations).map(\.1)
        return failures
            + (try CutScene.wrong(with: disk, run.verifierKey, all, scans + next.promises.map(\.scan)).map {
                "later: \($0)"
            })
    }

    @Test func `A cut soon after an error`() throws {
        let count = try FailureTests.operations
        for failing in CutScene.some(Array(0..<count), CutTests.limit / 10) {
            let run = try CutRun.begin()
            run.disk.fail(after: failing, with: .inputOutput, times: 1)
            _ = try? FailureTests.play(run)
            var scene = CutScene(run)
            scene.first = run.made + failing
            try CutTests.tryCuts(of: scene, 4)
        }
    }
}
