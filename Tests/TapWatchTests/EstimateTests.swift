import TapConfig
import TapCore
import TestSupport
import Testing

@testable import TapWatch

/// What is made of many claims of a tag: counters, repetition, delays.
@Suite
struct EstimateTests {
    private static let tags = [
        TagInfo(id: TagID(0), name: "COUNT", source: "hmi"),
        TagInfo(id: TagID(1), name: "LEVEL", source: "hmi", unit: "mm"),
    ]

    private func site(_ tags: String, late: String = "30us", _ more: String = "") -> String {
        "claims: {hmi: {every: 100us, late: \(late), silent-after: 3 polls, \(more) tags: {\(tags)}}}"
    }

    private func count(_ run: SiteRun, _ value: Int, at time: Int) { run.claim(0, .number(Double(value)), at: time) }

    @Test func `a counter grows with each edge within the lag, and its offset is taken once`() throws {
        let run = try SiteRun(site("COUNT: {counts: A}"), tags: Self.tags)
        run.line(0, false, at: 0)
        count(run, 7, at: 50_000)
        run.line(0, true, at: 100_000)
        count(run, 7, at: 129_999)
        count(run, 7, at: 130_000)
        count(run, 8, at: 150_000)
        count(run, 9, at: 160_000)
        count(run, 9, at: 170_000)
        count(run, 8, at: 180_000)
        #expect(
            run.verdicts("hmi.COUNT", upTo: 200_000) == [
                "129999 true", "130000 false", "150000 true", "160000 false", "180000 true",
            ])
        #expect(run.unmatched == [])
    }

    @Test func `after a loss on its line a counter may have grown by any number, and never went back`() throws {
        let run = try SiteRun(site("COUNT: {counts: A}"), tags: Self.tags)
        run.line(0, false, at: 0)
        count(run, 7, at: 50_000)
        count(run, 7, at: 60_000)
        run.lose(.line(LineID(0)), at: 70_000)
        run.line(0, false, at: 80_000)
        count(run, 6, at: 150_000)
        count(run, 12, at: 160_000)
        count(run, 12, at: 170_000)
        count(run, 13, at: 180_000)
        #expect(
            run.verdicts("hmi.COUNT", upTo: 200_000) == [
                "60000 true", "150000 false", "160000 unknown", "170000 true", "180000 false",
            ])
        #expect(run.renewals == ["hmi.COUNT 1"])
    }

    @Test(arguments: [
        ("retained: true,", ["60000 true", "500000 false", "510000 true", "520000 false"], 8),
        ("", ["60000 true", "520000 false"], 1),
    ])
    func `a counter that is not retained may begin again after a silence, and one that is may miss what was in it`(
        _ more: String, _ verdicts: [String], _ second: Int
    ) throws {
        let run = try SiteRun(site("COUNT: {counts: A}", more), tags: Self.tags)
        run.line(0, false, at: 0)
        count(run, 7, at: 50_000)
        count(run, 7, at: 60_000)
        for (number, isHigh) in [true, false, true].enumerated() { run.line(0, isHigh, at: 100_000 + number * 10_000) }
        count(run, 1, at: 500_000)
        count(run, second, at: 510_000)
        count(run, second + 1, at: 520_000)
        #expect(run.verdicts("hmi.COUNT", upTo: 600_000) == verdicts)
    }

    @Test func `a counter in steps of ten edges goes round at its register's end`() throws {
        let run = try SiteRun(site("COUNT: {at: 0, is: 10 raw, counts: A}", late: "0s"), tags: Self.tags)
        run.line(0, false, at: 0)
        for edge in 1...60 {
            run.line(0, true, at: edge * 10_000)
            count(run, (655_330 + edge) % 655_360 / 10 * 10, at: edge * 10_000 + 5_000)
            run.line(0, false, at: edge * 10_000 + 8_000)
        }
        count(run, 50, at: 660_000)
        #expect(run.verdicts("hmi.COUNT", upTo: 700_000) == ["25000 true", "660000 false"])
    }

    @Test func `an edge that still bounces may be counted already`() throws {
        let run = try SiteRun(site("COUNT: {counts: B}", late: "0s"), tags: Self.tags)
        run.line(1, false, at: 0)
        count(run, 7, at: 50_000)
        run.line(1, true, at: 100_000)
        count(run, 8, at: 102_000)
        count(run, 8, at: 104_000)
        count(run, 7, at: 120_000)
        #expect(run.verdicts("hmi.COUNT", upTo: 130_000) == ["102000 true", "120000 false"])
    }

    @Test func `reports that come again are a replay until one differs`() throws {
        var dice = Dice(7)
        let repeats = "repeats: {tags: [LEVEL, COUNT], span: 20 polls, within: 10ms},"
        let run = try SiteRun(site("LEVEL: {is: mm}, COUNT: {is: raw}", repeats), tags: Self.tags)
        var values = (0..<100).map { _ in dice.below(1 << 30) }
        values += values[30..<60]
        values += (0..<30).map { _ in dice.below(1 << 30) }
        // A screen that stands still repeats nothing.
        values += Array(repeating: 5, count: 100)
        // Longer ago than is asked for.
        values += values[0..<30]
        for (number, value) in values.enumerated() {
            run.claim(0, .number(3), at: number * 100_000)
            run.claim(1, .number(Double(value)), at: number * 100_000 + 50)
        }
        #expect(
            run.verdicts("hmi repeats", upTo: values.count * 100_000) == [
                "3900050 true", "11900050 false", "13000050 true",
            ])
    }

    @Test func `after a loss of claims a replay is known again once there are enough reports`() throws {
        let repeats = "repeats: {tags: [LEVEL], span: 20 polls, within: 10ms},"
        let run = try SiteRun(site("LEVEL: {is: mm}", repeats), tags: Self.tags)
        for number in 0..<100 {
            if number == 50 { run.lose(.tag(TagID(1)), at: 4_950_000) }
            run.claim(1, .number(Double(number)), at: number * 100_000)
        }
        // The source is silent for 3 polls and its lateness.
        #expect(
            run.verdicts("hmi repeats", upTo: 11_000_000) == [
                "3900000 true", "4950000 unknown", "8900000 true", "10230000 unknown",
            ])
    }

    /// A level that rises and falls by turns, and claims of it that are so late.
    private func delay(_ late: Int, noise: Double, constant: Double = 0) -> ValueSpan {
        var dice = Dice(13)
        var estimate = DelayEstimate(start: 0)
        func level(_ time: Int) -> Double {
            let phase = (time + 10_000) % 500
            return Double(phase < 300 ? phase : 300 - (phase - 300) * 3 / 2) * 0.0019
        }
        for second in 0..<1_300 {
            let (now, before) = (level(second), level(second - 10))
            let claim = level(second - late) + constant + (Double(dice.below(2001)) / 1000 - 1) * noise
            estimate.add(error: now - claim, rate: (now - before) / 10, at: Int64(second) * 1_000_000_000)
        }
        return estimate.delay
    }

    @Test func `how late a value is shown is known within three standard errors, whatever it is off by otherwise`() {
        for late in [0, 5, 12] {
            let found = delay(late, noise: 0.002, constant: 0.3)
            #expect(found.low < Double(late) + 1 && found.high > Double(late) - 1, "\(late): \(found)")
            #expect(found.high - found.low < 4)
        }
        #expect(delay(5, noise: 0.002).low > 2)
        #expect(delay(0, noise: 0.002).high < 2)
    }

    @Test func `nothing is known of a delay while the value changes steadily, nor of too few minutes`() throws {
        var estimate = DelayEstimate(start: 0)
        for second in 0..<1_300 {
            estimate.add(error: 0.1, rate: 0.25, at: Int64(second) * 1_000_000_000)
            #expect(!estimate.delay.isKnown)
        }
        var short = DelayEstimate(start: 0)
        for second in 0..<540 {
            short.add(error: Double(second % 7), rate: Double(second % 5), at: Int64(second) * 1_000_000_000)
        }
        #expect(!short.delay.isKnown)
    }

    @Test func `a level that is shown late is a finding after some minutes`() throws {
        let run = try SiteRun(
            "claims: {hmi: {every: 1s, late: 150ms, tags: {LEVEL: {is: mm, of: LT, late-by-at-most: 2s}}}}",
            tags: Self.tags)
        func level(_ time: Int) -> Double {
            let phase = (time + 10_000) % 240
            return 1 + Double(phase < 120 ? phase : 240 - phase) / 64
        }
        for second in 0..<3_000 {
            run.scans([(level(second), 0)], from: second * 1_000_000_000, each: 1_000_000_000)
            let late = second < 1_300 ? 0 : 5
            run.claim(1, .number(level(second - late) * 1000), at: second * 1_000_000_000 + 1)
        }
        let verdicts = run.verdicts("hmi.LEVEL late-by-at-most", upTo: 3_000_000_000_000)
        #expect(verdicts.first == "600000000001 true")
        #expect(verdicts.last == "2220000000001 false")
    }
}
