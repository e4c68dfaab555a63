import TapCore
import Testing

@testable import TapRecord

/// A medium of a given size that fills up: the oldest go where a limit is set, otherwise recording waits, and goes on.
@Suite struct FullDiskTests {
    /// Chunks of both sources, a second each.
    ///
    /// - Returns: seconds in which the medium was full.
    @discardableResult
    static func play(_ run: CutRun, seconds: Int) throws -> Int {
        var full = 0
        for _ in 0..<seconds {
            for source in 0..<CutRun.sources { run.add(source) }
            do { try run.work() } catch let problem as StoreProblem where problem.isFull { full += 1 }
        }
        return full
    }

    static func options(keepFree: UInt64) -> StoreOptions {
        var options = CutRun.options()
        (options.keepFor, options.keepFree, options.reserve) = (.seconds(86_400), keepFree, 1 << 17)
        return options
    }

    /// What is wrong with a store, but for chunks that were dropped.
    static func wrong(with run: CutRun, isDropping: Bool) throws -> [String] {
        let signed = CutScene.checkpoints(in: run.disk.operations).map(\.1)
        return try CutScene.wrong(with: run.disk, run.verifierKey, signed, run.promises.map(\.scan), isDropping)
    }

    static func offs(_ run: CutRun) throws -> [OffSpan.Cause] {
        try StoreStatus(run.disk, isRecording: false).offs.map(\.cause)
    }

    @Test func `a disk without room takes the part of a write that fits, and what is removed gives room`() throws {
        let disk = MemoryDisk(pages: 3)
        let file = try disk.open("a", creating: true)
        try file.resize(to: 1 << 20)
        #expect(disk.freeBytes() == 3 * 4_096)
        try file.write([1], at: 5_000)
        try file.write([UInt8](repeating: 2, count: 4_000), at: 4_096)
        #expect(disk.freeBytes() == 2 * 4_096)
        let other = try disk.open("b", creating: true)
        #expect(throws: DiskError("write", "b", .noSpace)) {
            try other.write([UInt8](repeating: 3, count: 9_000), at: 0)
        }
        #expect(disk["b"] == [UInt8](repeating: 3, count: 8_192))
        try disk.remove("a")
        #expect(disk.freeBytes() == 4_096)
        disk.leave(free: 0)
        #expect(disk.freeBytes() == 0)
        try disk.remove("b")
        #expect(disk.freeBytes() == 2 * 4_096)
        disk.leave(free: nil)
        #expect(disk.freeBytes() == 3 * 4_096)
    }

    @Test func `with a limit the newest stay on a small disk, which never is full`() throws {
        let run = try CutRun.begin(on: MemoryDisk(pages: 300), options: FullDiskTests.options(keepFree: 400_000))
        #expect(try FullDiskTests.play(run, seconds: 60) == 0)
        try run.stop()
        #expect(try FullDiskTests.wrong(with: run, isDropping: true) == [])
        #expect(try FullDiskTests.offs(run) == [.stopped])
        let read = try CutScene.scans(on: run.disk)
        #expect(run.promises.suffix(8).allSatisfy { read.contains($0.scan) })
        #expect(!read.contains(run.promises[0].scan))
        #expect(run.disk.freeBytes()! >= 300_000)
    }

    @Test func `where others fill the disk the oldest go, each time, and recording goes on the second after`() throws {
        let run = try CutRun.begin(on: MemoryDisk(pages: 1_000), options: FullDiskTests.options(keepFree: 200_000))
        try FullDiskTests.play(run, seconds: 40)
        var held = try CutScene.scans(on: run.disk).count
        #expect(held == 80)
        for round in 0..<4 {
            run.disk.leave(free: round)
            let full = try FullDiskTests.play(run, seconds: 3)
            #expect((0...1).contains(full), "round \(round)")
            let now = try CutScene.scans(on: run.disk).count
            #expect(now < held + 6, "round \(round)")
            held = now
        }
        #expect(held > 8)
        run.disk.leave(free: nil)
        #expect(try FullDiskTests.play(run, seconds: 3) == 0)
        try run.stop()
        #expect(run.promises.count == 2 * (40 + 12 + 3))
        #expect(try FullDiskTests.wrong(with: run, isDropping: true) == [])
        let read = try CutScene.scans(on: run.disk)
        #expect(run.promises.suffix(8).allSatisfy { read.contains($0.scan) })
        #expect(Set(try FullDiskTests.offs(run)) == [.full, .stopped])
        #expect(run.disk["reserve"] != nil)
    }

    @Test(arguments: [false, true]) func `without a limit, and where all is pinned, recording waits for room`(
        isPinned: Bool
    ) throws {
        let options = isPinned ? FullDiskTests.options(keepFree: 200_000) : CutRun.options()
        let run = try CutRun.begin(on: MemoryDisk(pages: 1_000), options: options)
        try RetentionTests.ask(.pin(from: 0, to: .max, why: "trip"), 1, on: run.disk)
        try FullDiskTests.play(run, seconds: 20)
        run.disk.leave(free: 3)
        #expect(try FullDiskTests.play(run, seconds: 30) > 15)
        run.disk.leave(free: nil)
        #expect(try FullDiskTests.play(run, seconds: 3) == 0)
        try run.stop()
        // What could not be written waited.
        #expect(run.promises.count == 2 * 53)
        #expect(try FullDiskTests.wrong(with: run, isDropping: false) == [])
        #expect(try FullDiskTests.offs(run) == [.full, .stopped])
    }

    @Test func `a start on a full disk drops the oldest and records`() throws {
        let options = FullDiskTests.options(keepFree: 200_000)
        let run = try CutRun.begin(on: MemoryDisk(pages: 1_000), options: options)
        try FullDiskTests.play(run, seconds: 40)
        // It is cut.
        run.disk.leave(free: 0)
        let next = try CutRun(on: run.disk, options: options)
        let full = try FullDiskTests.play(next, seconds: 5)
        #expect(full <= 1)
        try next.stop()
        #expect(next.promises.count == 10)
        let signed = CutScene.checkpoints(in: run.disk.operations).map(\.1)
        #expect(try CutScene.wrong(with: run.disk, run.verifierKey, signed, next.promises.map(\.scan)) == [])
    }

    @Test func `a cut while the disk is full`() throws {
        let run = try CutRun.begin(on: MemoryDisk(pages: 600), options: FullDiskTests.options(keepFree: 100_000))
        try FullDiskTests.play(run, seconds: 10)
        let before = run.disk.operations.count
        for round in 0..<3 {
            run.disk.leave(free: round)
            try FullDiskTests.play(run, seconds: 2)
        }
        var scene = CutScene(run)
        (scene.first, scene.isDropping) = (before, true)
        try CutTests.tryCuts(of: scene, CutTests.limit / 5)
    }
}
