import TapConfig
import TapCore
import TapWatch
import Testing

/// Claims of the time; a clock shows microseconds since 1970, and perhaps another reading: `1000`, `1000|4600`, `1000+50`.
@Suite
struct ClockTests {
    private struct Microseconds: ClockReader {
        func readings(of text: String) -> [ClockReading] {
            text.split(separator: "|").compactMap { reading in
                let parts = reading.split(separator: "+").compactMap { Int64($0) }
                guard let time = parts.first else { return nil }
                return ClockReading(
                    earliest_ns: time * 1_000, latest_ns: time * 1_000 + 999,
                    excess_ns: parts.count == 2 ? parts[1] * 1_000 : 0)
            }
        }
    }

    private static let tags = [TagInfo(id: TagID(0), name: "TIME", source: "hmi")]

    /// Right within 10 us, or as it was up to 30 us ago.
    private func run(_ tag: String = "clock: local, within: 10us") throws -> SiteRun {
        try SiteRun(
            "claims: {hmi: {every: 100us, late: 30us, silent-after: 3 polls, tags: {TIME: {\(tag)}}}}", tags: Self.tags,
            clock: Microseconds())
    }

    private func verdicts(_ run: SiteRun, _ claims: [(Int, String)]) -> [String] {
        for (time, text) in claims { run.claim(0, .text(ShortText(text)), at: time) }
        return run.verdicts("hmi.TIME", upTo: 290_000)
    }

    @Test func `a clock is right within its limit and the lateness of its claims`() throws {
        let run = try run()
        run.fix(1_000_000, at: 0)
        // At 100 us it is 1,100 us after 1970; what is shown stands for a microsecond.
        #expect(
            verdicts(
                run, [(100_000, "1110"), (100_001, "1111"), (100_002, "1060"), (100_998, "1060"), (101_001, "1060")])
                == ["100000 true", "100001 false", "100002 true", "101001 false"])
    }

    @Test func `without UTC, and of a clock that is not synchronised, nothing is known`() throws {
        let run = try run()
        run.claim(0, .text(ShortText("5000")), at: 10_000)
        run.fix(1_000_000, at: 20_000, isSynchronised: false)
        run.claim(0, .text(ShortText("5000")), at: 30_000)
        run.fix(1_000_000, at: 40_000)
        run.claim(0, .text(ShortText("5000")), at: 50_000)
        run.fix(1_000_000, at: 60_000, isSynchronised: false)
        run.claim(0, .text(ShortText("5000")), at: 70_000)
        #expect(run.verdicts("hmi.TIME", upTo: 80_000) == ["50000 false", "70000 unknown"])
    }

    @Test func `what the session's own clock may be off counts for the claim`() throws {
        let run = try run()
        run.fix(1_000_000, at: 0, error: 5_000)
        #expect(verdicts(run, [(100_000, "1115"), (100_001, "1116")]) == ["100000 true", "100001 false"])
    }

    @Test func `a later clock fix counts from its time on`() throws {
        let run = try run()
        run.fix(1_000_000, at: 0)
        run.fix(1_550_000, at: 50_000)
        #expect(verdicts(run, [(100_000, "1600"), (100_001, "1100")]) == ["100000 true", "100001 false"])
    }

    @Test func `of a time that is shown twice either reading will do`() throws {
        let run = try run()
        run.fix(1_000_000, at: 0)
        #expect(
            verdicts(run, [(100_000, "1100|4700"), (100_001, "4700|1100"), (100_002, "4700|8300")])
                == ["100000 true", "100002 false"])
    }

    @Test func `a clock may be put forward or back late by its limit`() throws {
        let run = try run()
        run.fix(1_000_000, at: 0)
        #expect(
            verdicts(run, [(100_000, "1100+10|4700+90"), (100_001, "1100+11|4700+90")])
                == ["100000 true", "100001 false"])
    }

    @Test func `a number is a time since 1970`() throws {
        let run = try run("at: 0, is: us, clock: local, within: 10us")
        run.fix(1_000_000, at: 0)
        run.claim(0, .number(1_110), at: 100_000)
        run.claim(0, .number(1_112), at: 100_001)
        run.claim(0, .number(.infinity), at: 100_002)
        #expect(run.verdicts("hmi.TIME", upTo: 110_000) == ["100000 true", "100001 false", "100002 unknown"])
    }

    @Test func `what is no time is not known`() throws {
        let run = try run()
        run.fix(1_000_000, at: 0)
        run.claim(0, .text(ShortText("1100")), at: 100_000)
        run.claim(0, .text(ShortText("noon")), at: 110_000)
        run.claim(0, .text(ShortText("1120")), at: 120_000)
        #expect(
            run.verdicts("hmi.TIME", upTo: 200_000)
                == ["100000 true", "110000 unknown", "120000 true"])
    }

    @Test func `without a reader of clocks they are not decided, and named`() throws {
        let run = try SiteRun(
            "claims: {hmi: {every: 100us, late: 30us, tags: {TIME: {clock: local}}}}", tags: Self.tags)
        #expect(run.unmatched.contains { $0.hasPrefix("hmi.TIME") })
    }
}
