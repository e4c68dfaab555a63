import TapBench
import TapCore
import Testing

@Suite struct LoopTests {
    private func loop(_ rig: FakeRig) throws -> LoopResult {
        let names = (0..<rig.lineCount).map { "L\($0)" }
        return try #require(try LoopTest(rig, names: names).run())
    }

    @Test func `what a kernel with a tick resolves is found`() throws {
        let rig = FakeRig(lines: 2)
        rig.tick = 100_000
        let result = try loop(rig)
        #expect(!result.hasFailed)
        for line in result.lines {
            #expect(line.losslessRate_hz == 10_000)
            let pulse = try #require(line.shortestPulse)
            #expect((95_000...100_200).contains(pulse.count))
            #expect(line.longestLost.map { $0 < pulse } == true)
            #expect(line.crosstalk == 0)
        }
        #expect(result.latency.count == 400 && result.latency.maximum <= 100_000)
        #expect(result.latency.quantile(0.5).map { (40_000...60_000).contains($0) } == true)
        #expect(result.writes.maximum == 100)
    }

    @Test func `a kernel that misses nothing is limited by the driver, and that is reported`() throws {
        let line = try loop(FakeRig(lines: 1)).lines[0]
        // Two writes without a rest: no shorter pulse can be made.
        #expect(line.shortestPulse == Nanoseconds(300))
        #expect(line.longestLost == nil)
        #expect(line.losslessRate_hz == 500_000)
        #expect(line.checks[1].found.hasSuffix("none was missed; this driver cannot make shorter ones"))
        #expect(line.checks[2].found == "500000 changes a second, the highest that this driver can make")
    }

    @Test func `a driver that is slow is not taken for a slow kernel`() throws {
        let rig = FakeRig(lines: 1)
        rig.write = 50_000
        let line = try loop(rig).lines[0]
        #expect(line.losslessRate_hz == 10_000)
        #expect(line.checks[2].found == "10000 changes a second, the highest that this driver can make")
        #expect(line.shortestPulse == .microseconds(150))
    }

    @Test func `a line that carries nothing fails, and nothing is searched on it`() throws {
        let rig = FakeRig(lines: 2)
        rig.isDead = [1]
        let lines = try loop(rig).lines
        #expect(lines[0].checks.map(\.verdict) == [.passed, .passed, .passed, .passed])
        #expect(lines[1].checks.map(\.verdict) == [.failed, .skipped, .skipped, .passed])
        #expect(lines[1].checks[0].found == "none of 200 detected: is the wire connected?")
        #expect(lines[1].shortestPulse == nil && lines[1].losslessRate_hz == nil)
    }

    @Test func `a wire that inverts is reported as such`() throws {
        let rig = FakeRig(lines: 1)
        rig.isInverted = [0]
        let result = try loop(rig)
        #expect(result.hasFailed)
        #expect(
            result.lines[0].checks[0].found
                == "all 200 detected with the opposite direction: the wire inverts ('active-low: true' at one end)")
    }

    @Test func `an edge on a line that nobody drove is counted where it came`() throws {
        let rig = FakeRig(lines: 3)
        rig.alsoOn = [0: 2]
        let result = try loop(rig)
        #expect(result.lines.map { $0.crosstalk > 0 } == [false, false, true])
        #expect(result.lines.map { $0.checks[3].verdict } == [.passed, .passed, .failed])
    }

    @Test func `a line alone has no crosstalk to look for`() throws {
        #expect(try loop(FakeRig(lines: 1)).lines[0].checks[3].verdict == .skipped)
    }

    @Test(arguments: [0, 1, 5, 15]) func `a stop anywhere gives no result`(_ runs: Int) throws {
        let rig = FakeRig(lines: 1)
        rig.tick = 1_000_000
        rig.runsLeft = runs
        let result = try LoopTest(rig, names: ["L0"]).run()
        #expect(result.map(\.changes) == nil)
    }
}
