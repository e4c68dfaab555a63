import TapConfig
import TapCore
import TestSupport
import Testing

@testable import TapWatch

@Suite
struct ClaimTests {
    private static let tags = [
        TagInfo(id: TagID(0), name: "RUN", source: "hmi"),
        TagInfo(id: TagID(1), name: "LEVEL", source: "hmi", unit: "mm"),
        TagInfo(id: TagID(2), name: "MODE", source: "hmi"),
    ]

    private func site(_ tags: String, late: String = "30us") -> String {
        "claims: {hmi: {every: 100us, late: \(late), silent-after: 3 polls, tags: {\(tags)}}}"
    }

    @Test func `a claim is right as long as the wire was so within the lag, and wrong from its end on`() throws {
        let run = try SiteRun(site("RUN: {of: A}"), tags: Self.tags)
        run.line(0, false, at: 0)
        run.claim(0, .bool(false), at: 50_000)
        run.line(0, true, at: 100_000)
        run.claim(0, .bool(false), at: 129_999)
        run.claim(0, .bool(false), at: 130_000)
        run.claim(0, .bool(true), at: 150_000)
        #expect(run.verdicts("hmi.RUN", upTo: 200_000) == ["50000 true", "130000 false", "150000 true"])
    }

    @Test func `a bouncing contact is not known while it settles, and no claim of it is wrong`() throws {
        let run = try SiteRun(site("RUN: {of: B}", late: "0s"), tags: Self.tags)
        run.line(1, false, at: 0)
        run.claim(0, .bool(false), at: 50_000)
        run.line(1, true, at: 100_000)
        run.claim(0, .bool(true), at: 103_000)
        run.claim(0, .bool(true), at: 104_999)
        run.claim(0, .bool(false), at: 105_000)
        #expect(run.verdicts("hmi.RUN", upTo: 110_000) == ["50000 true", "103000 unknown", "105000 false"])
    }

    @Test func `a number is right within the hull of the lag, and three wrong ones in a row are a finding`() throws {
        let run = try SiteRun(site("LEVEL: {is: mm, of: LT, within: 50 mm, hold: 3 polls}"), tags: Self.tags)
        // Rising from 1 m by 0.1 m a scan: 3.0 m at 200 us, 2.7 m 30 us before.
        run.scans((0...20).map { (1 + Double($0) / 10, 0) }, from: 0)
        run.claim(1, .number(2701 - 300), at: 200_000)
        run.claim(1, .number(2399), at: 200_001)
        run.claim(1, .number(3301), at: 200_002)
        run.claim(1, .number(3299), at: 200_003)
        for number in 0..<3 { run.claim(1, .number(2399), at: 200_010 + number) }
        run.claim(1, .number(3000), at: 200_013)
        run.claim(1, .number(.nan), at: 200_014)
        #expect(
            run.verdicts("hmi.LEVEL", upTo: 200_020) == ["200000 true", "200012 false", "200013 true"])
    }

    @Test func `words must hold, and a source that says nothing is silent after its time`() throws {
        let run = try SiteRun(site("MODE: {one-of: {\"off\": not A, auto: A}}", late: "0s"), tags: Self.tags)
        run.line(0, true, at: 0)
        run.claim(2, .number(1), at: 10_000)
        run.claim(2, .number(0), at: 20_000)
        run.claim(2, .text("auto"), at: 30_000)
        run.claim(2, .number(7), at: 40_000)
        #expect(run.verdicts("hmi.MODE", upTo: 50_000) == ["10000 true", "20000 false", "30000 true", "40000 unknown"])
        #expect(run.verdicts("hmi silent", upTo: 400_000) == ["10000 true", "340001 false"])
    }

    @Test func `what is said by exception stands until its source is silent, and is unknown then`() throws {
        for (key, expected) in [
            ("", ["0 false", "330000 unknown"]), ("by-exception: true, ", ["0 false", "630000 unknown"]),
        ] {
            let run = try SiteRun(
                site("RUN: {at: 0}, LEVEL: {is: mm}").replacing("{every", with: "{\(key)every")
                    + "\nrules: {r: {always: hmi.RUN}, s: {always: hmi.LEVEL > 1 mm}}", tags: Self.tags)
            run.claim(0, .bool(false), at: 0)
            for time in [100_000, 200_000, 300_000] { run.claim(1, .number(2), at: time) }
            #expect(run.verdicts("r", upTo: 900_000) == expected, "\(key)")
        }
    }

    /// A wire and a screen that shows it so late: true to the letter, at most as late as allowed, or later by a poll.
    @Test func `a late but true claim is never a finding, and one late by its lag and a poll always is`() throws {
        var dice = Dice(5)
        let (late, every) = (30_000, 100_000)
        var found = 0
        for _ in 0..<150 {
            let isLying = dice.isTrue(oneIn: 2)
            let isNumber = dice.isTrue(oneIn: 2)
            let run = try SiteRun(site(isNumber ? "LEVEL: {is: mm, of: LT}" : "RUN: {of: A}"), tags: Self.tags)
            // Steps far apart, each by more than twice the accuracy.
            let steps = (0..<4).map { 20_000 + 500_000 * $0 + dice.below(100) * 1_000 }
            func value(_ time: Int) -> Int { steps.filter { $0 <= time }.count }
            let delay = isLying ? late + every : dice.below(late + 1)
            var events: [(time: Int, isClaim: Bool)] = (0..<200).map { ($0 * 10_000, false) }
            events += steps.map { ($0, false) }
            let first = dice.below(every)
            events += (0..<20).map { (first + $0 * every, true) }
            for event in events.sorted(by: { $0.time < $1.time }) {
                let shown = value(event.time - (event.isClaim ? delay : 0))
                switch (event.isClaim, isNumber) {
                case (true, true): run.claim(1, .number(Double(shown * 1000)), at: event.time)
                case (true, false): run.claim(0, .bool(shown % 2 == 1), at: event.time)
                case (false, true): run.level(Double(shown), at: event.time)
                case (false, false): run.line(0, shown % 2 == 1, at: event.time)
                }
            }
            let verdicts = run.verdicts(isNumber ? "hmi.LEVEL" : "hmi.RUN", upTo: 2_000_000)
            let isBroken = verdicts.contains { $0.hasSuffix("false") }
            #expect(isBroken == isLying, "\(verdicts)")
            found += isBroken ? 1 : 0
        }
        #expect(found > 50)
    }

    @Test func `more claims within a second than a source may make are a flood, until a second has fewer`() throws {
        let run = try SiteRun(
            "claims: {hmi: {every: 1s, late: 0s, tags: {RUN: {}}}}\nrules: {r: {never: hmi.RUN and A}}",
            tags: [TagInfo(id: TagID(0), name: "RUN", source: "hmi")])
        // 1,000 may come; the next one is at 10,010. Of the 5,000 the 4,000th is in the last span with too many.
        for number in 1...5_000 { run.claim(0, .bool(number % 2 == 0), at: 10 * number) }
        run.lose(.tag(TagID(0)), at: 2_000_000_000)
        #expect(
            run.verdicts("hmi flooded", upTo: 4_000_000_000) == [
                "0 true", "10010 false", "1000040001 true", "2000000000 unknown", "3000000001 true",
            ])
    }

    @Test func `a source that is asked often, or for much, may make more claims`() throws {
        func most(_ every: String, tags: Int) throws -> Int? {
            let tags = (0..<tags).map { "T\($0): {}" }.joined(separator: ", ")
            return try SiteFile.parse(
                "tap-site: 1\nname: s\ntitle: S\nclaims: {hmi: {every: \(every), late: 0s, tags: {\(tags)}}}\n",
                file: "s"
            ).sources.first?.mostClaims
        }
        #expect(try most("1s", tags: 50) == 1_000)
        #expect(try most("1s", tags: 51) == 1_020)
        #expect(try most("300ms", tags: 20) == 1_600)
        #expect(try most("1h", tags: 500) == 10_000)
        #expect(try most("1ms", tags: 50) == 100_000)
    }
}
