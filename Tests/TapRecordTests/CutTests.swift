import TapCore
import TestSupport
import Testing

@testable import TapRecord

/// What a power cut leaves of a store: all that was promised. `TAP_CUTS` is the number of cuts that are tried, roughly.
@Suite struct CutTests {
    static let limit = Soak.number("TAP_CUTS") ?? 240

    /// Twelve chunks of two sources, an epoch that ends, checkpoints, and a stop. With a seed, more or longer chunks.
    static func play(_ run: CutRun) throws {
        var dice = Dice(Soak.seed)
        for _ in 0..<6 {
            for source in 0..<CutRun.sources {
                let isPlain = Soak.seed == 0 || dice.bool()
                for _ in 0..<(isPlain ? 1 : 2) {
                    run.add(source, scans: isPlain ? CutRun.scansPerChunk : 10 + dice.below(4))
                }
            }
            try run.commit()
        }
        try run.stop()
    }

    static func tryCuts(of scene: CutScene, _ limit: Int) throws {
        let cuts = scene.cuts(limit)
        for cut in cuts {
            let failures = try scene.failures(after: cut)
            #expect(failures == [], "\(cut) of \(scene.disk.operations.count)")
        }
        Soak.count("cuts", cuts.count)
    }

    @Test func `each cut leaves what was promised, and recording goes on`() throws {
        let run = try CutRun.begin()
        try CutTests.play(run)
        let scene = CutScene(run)
        #expect(scene.checkpoints.count >= 5)
        #expect(run.disk.paths.filter { $0.hasPrefix("segments/") }.count >= 4)
        try CutTests.tryCuts(of: scene, CutTests.limit)
    }

    @Test func `a cut while segments are dropped`() throws {
        let run = try CutRun.begin(options: CutRun.options(keepBytes: 300_000))
        try CutTests.play(run)
        var scene = CutScene(run)
        let removed = scene.disk.operations.firstIndex(of: .remove("segments/00000001.mcap"))
        scene.first = try #require(removed) - 20
        scene.isDropping = true
        try CutTests.tryCuts(of: scene, CutTests.limit / 5)
    }

    @Test func `a cut while requests are taken up, and what is pinned is never lost`() throws {
        let run = try CutRun.begin(options: CutRun.options(keepBytes: 100_000))
        for _ in 0..<2 {
            for source in 0..<CutRun.sources { run.add(source) }
            try run.commit()
        }
        let first = run.disk.operations.count
        // All that there is, and whatever comes.
        try RetentionTests.ask(.pin(from: 0, to: .max, why: "trip"), 1, on: run.disk)
        try RetentionTests.ask(.remark("trip"), 2, on: run.disk)
        try CutTests.play(run)
        #expect(run.disk.paths.filter { $0.hasPrefix("segments/") }.count >= 4)
        var scene = CutScene(run)
        scene.first = first
        try CutTests.tryCuts(of: scene, CutTests.limit / 5)
    }

    @Test func `A cut while a bundle of the log is written`() throws {
        let run = try CutRun.begin()
        for _ in 0..<235 { run.add(0, scans: 1) }
        try run.commit()
        try CutTests.play(run)
        var scene = CutScene(run)
        let bundle = scene.disk.operations.firstIndex(of: .rename("tile/entries/000.new", to: "tile/entries/000"))
        scene.first = try #require(bundle) - 10
        try CutTests.tryCuts(of: scene, CutTests.limit / 15)
    }

    @Test func `A cut while a start finishes what a cut left`() throws {
        let run = try CutRun.begin()
        try CutTests.play(run)
        let scene = CutScene(run)
        let count = max(4, CutTests.limit / 30)
        for cut in scene.cuts(count) {
            let next = try #require(CutScene(after: cut, of: scene), "\(cut)")
            try CutTests.tryCuts(of: next, 8)
        }
    }
}
