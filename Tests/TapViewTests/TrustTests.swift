import TapCore
import TapWatch
import Testing

@testable import TapView

struct TrustTests {
    @Test func `what is said and so agrees, with its cover, and what nothing compares is named`() throws {
        let run = try WindowRun()
        for second in 0..<5 { run.second(second) }
        let model = try run.model()
        #expect(model.trust.verdict == .agree)
        #expect(model.trust.why.isEmpty)
        #expect(model.trust.cover.compared == 3)
        #expect(model.trust.cover.tags == 4)
        #expect(model.trust.cover.unwatched == ["hmi.MODE"])
        #expect(model.assets.map(\.name) == ["P1", "well", "hmi", "siren"])
        #expect(model.assets.map(\.trust.verdict) == [.agree, .agree, .agree, .unchecked])
        #expect(model.asset("siren")?.trust.why == ["Nothing is claimed of it."])
        let row = try #require(model.row("hmi.LEVEL"))
        #expect(row.unit == "m")
        #expect(row.wire?.text == "1.50 m")
        #expect(row.claim?.text == "1.50 m")
        #expect(row.difference == "+0.00 m")
        #expect(row.claim?.age == .milliseconds(400))
        #expect(model.row("hmi.SP")?.note == "approved: 2000 mm")
        #expect(model.row("hmi.SP")?.wire == nil)
        let lamp = model.asset("siren")?.rows.first
        #expect(lamp?.wire == WindowModel.Side(state: .unknown))
    }

    @Test func `what disagrees does so since it began, and the site is no better than that asset`() throws {
        let run = try WindowRun()
        for second in 0..<5 { run.second(second) }
        #expect(try run.model().trust.verdict == .agree)
        for second in 5..<8 { run.second(second, level: 1.43) }
        let model = try run.model()
        #expect(model.trust.verdict == .disagree)
        // Three claims in a row, of which the first came at 5.5 s.
        #expect(model.trust.since == Nanoseconds(5_500_000_000))
        #expect(model.trust.why == ["Wet well: hmi.LEVEL: the claim says 1.50 m, the wire says 1.43 m"])
        #expect(model.assets.map(\.trust.verdict) == [.agree, .disagree, .agree, .unchecked])
        #expect(model.asset("P1")?.trust.since == .zero)
        #expect(model.row("hmi.LEVEL")?.difference == "+0.07 m")
        #expect(model.incidents.count == 1)
        #expect(model.findingCount == 1)
    }

    @Test func `what is lost is unknown and not what it was last`() throws {
        let run = try WindowRun()
        for second in 0..<5 { run.second(second) }
        _ = try run.model()
        run.lose(at: 5.1)
        run.say("RUN", .bool(true), at: 5.5)
        run.level(1.5, at: 5.6)
        let model = try run.model()
        #expect(model.asset("P1")?.trust.verdict == .unknown)
        #expect(model.asset("P1")?.trust.why == ["hmi.RUN: the wire is lost"])
        #expect(model.trust.verdict == .unknown)
        let row = try #require(model.row("hmi.RUN"))
        #expect(row.wire?.state == .lost)
        #expect(row.wire?.text == nil)
        #expect(row.claim?.text == "on")
        #expect(model.witness.sources.first?.lost == 3)
    }

    @Test func `a channel that gives nothing is unknown and not what it was last, and agrees with nothing`() throws {
        let run = try WindowRun()
        for second in 0..<5 { run.second(second) }
        // Three periods of 100 ms, and 2 s, after 4.9 s.
        run.say("LEVEL", .number(1_500), at: 7.2)
        #expect(try run.model().row("hmi.LEVEL")?.wire?.text == "1.50 m")
        run.say("LEVEL", .number(1_500), at: 7.21)
        let row = try #require(try run.model().row("hmi.LEVEL"))
        #expect(row.wire?.state == .unknown)
        #expect(row.wire?.text == nil)
        #expect(row.verdict == .unknown)
    }

    @Test func `a screen that is silent claims nothing, however it was last`() throws {
        let run = try WindowRun()
        for second in 0..<5 { run.second(second) }
        _ = try run.model()
        for second in 5..<10 { run.second(second, says: nil, said: nil) }
        let model = try run.model()
        let row = try #require(model.row("hmi.RUN"))
        #expect(row.claim?.state == .silent)
        #expect(row.claim?.text == nil)
        #expect(row.claim?.age == .milliseconds(5_400))
        #expect(row.verdict == .unknown)
        #expect(row.note == "no claim now")
        #expect(model.trust.verdict == .unknown)
    }

    @Test func `what is claimed by exception stands as long as its source says anything`() throws {
        let site = WindowRun.site.replacing("every: 1s", with: "every: 1s\n    by-exception: true")
        let run = try WindowRun(site)
        run.second(0)
        for second in 1..<10 { run.second(second, says: nil) }
        let row = try #require(try run.model().row("hmi.RUN"))
        #expect(row.claim?.state == .known)
        #expect(row.claim?.text == "on")
        #expect(row.verdict == .agree)
        for second in 10..<15 { run.second(second, says: nil, said: nil) }
        #expect(try run.model().row("hmi.RUN")?.claim?.state == .silent)
    }

    @Test
    func `a screen that repeats itself says nothing of now, and differs only where it was compared with the past`()
        throws
    {
        let site = WindowRun.site.replacing(
            "silent-after: 3 polls",
            with: "silent-after: 3 polls\n    repeats: {tags: [LEVEL], span: 20 polls, within: 1h}")
        let run = try WindowRun(site)
        // What the wires say comes again, too: nothing but the repetition is wrong.
        let again = Array(0..<25) + Array(1_000..<1_010) + Array(0..<25)
        for (second, seed) in again.enumerated() {
            let level = Double(1_500 + seed * seed % 97) / 1_000
            run.second(second, level: level, said: level * 1_000)
        }
        let model = try run.model()
        #expect(model.row("hmi.LEVEL")?.verdict == .disagree)
        #expect(model.row("hmi.LEVEL")?.note == "the claim repeats what was said before, digit for digit")
        #expect(model.row("hmi.RUN")?.verdict == .unknown)
        #expect(model.row("hmi.RUN")?.note == "hmi repeats what it said before")
        #expect(model.assets.map(\.trust.verdict) == [.unknown, .disagree, .unknown, .unchecked])
    }

    @Test func `a setting that is not the approved one names both`() throws {
        let site = WindowRun.site.replacing("approved: 2000 mm", with: "approved: 1800 mm")
        let run = try WindowRun(site)
        for second in 0..<5 { run.second(second) }
        #expect(try run.model().row("hmi.SP")?.note == "the claim says 2000 mm, approved: 1800 mm")
    }

    @Test func `what permitted work excuses is neither agreement nor disagreement`() throws {
        let run = try WindowRun(permits: ["test for 1h: meter"])
        for second in 0..<5 { run.second(second, isHigh: false, says: false) }
        for second in 5..<9 { run.second(second, level: 1.3) }
        let model = try run.model()
        #expect(model.row("hmi.LEVEL")?.verdict == .unknown)
        #expect(model.row("hmi.LEVEL")?.note == "differs, which test excuses")
        #expect(model.trust.verdict == .unknown)
        #expect(model.permits.map(\.request.subject) == ["test"])
        #expect(model.incidents.isEmpty)
    }

    @Test func `before anything was said nothing is known`() throws {
        let run = try WindowRun()
        run.line(true, at: 0)
        run.level(1.5, at: 0)
        let model = try run.model()
        #expect(model.trust.verdict == .unknown)
        #expect(model.row("hmi.RUN")?.note == "nothing was claimed yet")
        #expect(model.row("hmi.RUN")?.claim == WindowModel.Side(state: .unknown))
    }

    @Test func `a model is the same where only ages change`() throws {
        let run = try WindowRun()
        for second in 0..<5 { run.second(second) }
        let first = try run.model()
        run.level(1.5, at: 5.0)
        #expect(try run.model().isSame(as: first))
        run.level(1.6, at: 5.1)
        #expect(try !run.model().isSame(as: first))
    }
}
