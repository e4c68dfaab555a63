import TapBench
import TapConfig
import TapCore
import TapDriver
import Testing

@Suite struct ReportTests {
    private func board(_ more: String = "") throws -> Board {
        try BoardFile.parse(
            "tap-board: 1\nname: bench\ntitle: Bench & <more>\nprovenance: emulated-kernel\nbench: {sim: true}\n"
                + "chips: [{label: sim, lines: 8}]\nlines:\n  - {name: L0, chip: sim, offset: 0}\n  - {name: L1, chip: sim, offset: 3}\n"
                + more, file: "b.yaml")
    }

    private func measured(_ rig: FakeRig) throws -> (LoopResult, Profile) {
        let board = try board()
        let result = try #require(try LoopTest(rig, names: ["L0", "L1"]).run())
        var profile = Profile(of: board, version: "0.1.0")
        profile.fill(result, inputs: board.lines)
        return (result, profile)
    }

    @Test func `a profile that is written is read as it was`() throws {
        let rig = FakeRig(lines: 2)
        rig.tick = 100_000
        var (_, profile) = try measured(rig)
        #expect(profile.losslessRate_hz == 10_000)
        #expect(try ProfileFile.parse(Array(profile.json.utf8), file: "p.json") == profile)
        for name in profile.json.matches(of: /"([^"]+)": ?/) {
            #expect(try /[a-z][a-z0-9]*(_[a-z0-9]+)*/.wholeMatch(in: name.1) != nil)
        }
        profile.model = "A \"board\" \\ of\u{20}old"
        profile.lines[0].shortestPulse = nil
        profile.lines[1].losslessRate_hz = nil
        profile.write = nil
        #expect(try ProfileFile.parse(Array(profile.json.utf8), file: "p.json") == profile)
        #expect(profile.shortestPulse == nil && profile.losslessRate_hz == nil)
    }

    @Test func `a profile is of the board, machine and kernel it was measured on`() throws {
        let (_, profile) = try measured(FakeRig(lines: 2))
        #expect(profile.complaint(try board()) == nil)
        var other = profile
        other.kernel = "5.4.0"
        #expect(other.complaint(try board())?.hasPrefix("it is for kernel 5.4.0, but this is ") == true)
        other = profile
        other.boards = ["a", "b"]
        #expect(other.complaint(try board()) == "it is for board a or b, but this is bench")
    }

    @Test func `a report for people has a line for each check`() throws {
        let rig = FakeRig(lines: 2)
        rig.isDead = [1]
        let (result, profile) = try measured(rig)
        let text = LoopReport(result, profile, title: "Bench").text
        #expect(text.hasPrefix("Loop of board bench (Bench): emulated-kernel lines\n"))
        #expect(text.contains("\nfailed  L1 edges: none of 200 detected: is the wire connected?\n"))
        #expect(text.hasSuffix("\n8 checks of 2 lines: 5 passed, 1 failed, 2 skipped\n"))
    }

    @Test func `what XML cannot hold is not in a JUnit file`() throws {
        let (_, profile) = try measured(FakeRig(lines: 2))
        var result = LoopResult(["<a&\"b>\u{1}"])
        result.lines[0].checks = [LoopResult.Check("edges", .failed, "1 < 2 & \"3\"", took: .milliseconds(1_234))]
        let text = LoopReport(result, profile, title: "").junit
        #expect(text.contains("classname=\"bench.&lt;a&amp;&quot;b&gt;\" name=\"edges\" time=\"1.234\">"))
        #expect(text.contains("<failure message=\"1 &lt; 2 &amp; &quot;3&quot;\" type=\"edges\"/>"))
        #expect(text.contains("tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\" time=\"1.234\""))
    }
}
