import TapConfig
import TapCore
import TestSupport
import Testing

@testable import TapWatch

/// Rules of many kinds over records of all kinds.
@Suite
struct RecordTests {
    private static let tags = [
        TagInfo(id: TagID(0), name: "RUN", source: "hmi"),
        TagInfo(id: TagID(1), name: "LEVEL", source: "hmi", unit: "mm"),
    ]
    private static let site = """
        claims:
          hmi:
            every: 50us
            late: 20us
            silent-after: 3 polls
            tags: {RUN: {of: B}, LEVEL: {is: mm, of: "max(LT, FT)", within: 300 mm, hold: 1 polls, while: A}}
        rules:
          level: {when: LT > 2 m for 20us, then: A, within: 30us}
          told: {when: B, then: hmi.RUN, within: 30us, both-ways: true}
          starts: {count: A, at-most: [2 in 100us, 4 in 400us]}
          settled: {count: B, at-most: 1 in 200us}
          still: {never: "LT steady 50us"}
          jumps: {never: LT jumps}
          change: {never: "change(FT, 100us) > 0.5 m or integral(FT, 100us) > 1 m * 0.097 ms"}
          flow: {balance: "integral(LT)", at-most: integral(FT), over: 100us, within: 1 m * 0.053 ms}
          turn: {at-start-of: [A, B], needs: LT > 1 m, in-turn: [hmi.RUN, "FT > 1 m"]}
        """
    private static let rules = [
        "level", "told", "starts", "settled", "still", "jumps", "change", "flow", "turn", "hmi.RUN", "hmi.LEVEL",
        "hmi silent",
    ]

    private enum Said {
        case line(Int, Bool)
        case scan(Double, Double)
        case claim(Int, Double)

        var subject: Gap.Subject {
            switch self {
            case .line(let line, _): .line(LineID(UInt16(line)))
            case .scan: .device(DeviceID(0))
            case .claim(let tag, _): .tag(TagID(UInt16(tag)))
            }
        }
    }

    /// By instant; at most one of each line, device and tag at each.
    private func records(_ dice: inout Dice, count: Int) -> [(time: Int, said: [Said])] {
        var (levels, level, flow) = ([false, false], 1.0, 1.0)
        var result: [(time: Int, said: [Said])] = []
        for number in 0..<count {
            var said: [Said] = []
            for line in 0..<2 where number == 0 || dice.isTrue(oneIn: line == 0 ? 6 : 9) {
                levels[line] = number > 0 && !levels[line]
                said.append(.line(line, levels[line]))
            }
            if number % 2 == 0 {
                if dice.isTrue(oneIn: 5) { level = Double(dice.below(13)) / 4 }
                if dice.isTrue(oneIn: 4) { flow = Double(dice.below(9)) / 4 }
                said.append(.scan(level, flow))
            }
            if number % 9 < 2, number % 500 < 440 {
                let isTrue = dice.isTrue(oneIn: 4) ? dice.isTrue(oneIn: 2) : levels[1]
                said.append(
                    number % 9 == 0
                        ? .claim(0, isTrue ? 1 : 0) : .claim(1, max(level, flow) * 1000 + (number % 5 == 0 ? 600 : 0)))
            }
            if !said.isEmpty { result.append((number * 5_000, said)) }
        }
        return result
    }

    private func give(_ said: Said, at time: Int, to run: SiteRun) {
        switch said {
        case .line(let line, let isHigh): run.line(line, isHigh, at: time)
        case .scan(let level, let flow): run.scans([(level, flow)], from: time)
        case .claim(let tag, let number): run.claim(tag, .number(number), at: time)
        }
    }

    @Test func `verdicts depend neither on the order within an instant nor on how often a watermark comes`() throws {
        var dice = Dice(41)
        let records = records(&dice, count: 1500)
        let runs = try (0..<3).map { _ in try SiteRun(Self.site, tags: Self.tags) }
        for (time, said) in records {
            for (number, run) in runs.enumerated() {
                for one in number == 0 ? said : said.shuffled(using: &dice) { give(one, at: time, to: run) }
                if number == 2, dice.isTrue(oneIn: 3) { run.close(upTo: time) }
            }
        }
        for rule in Self.rules {
            let first = runs[0].verdicts(rule, upTo: 10_000_000)
            // A jump is one of a second, longer than this lasts.
            #expect(first.contains { $0.hasSuffix("false") }, "\(rule) \(first.prefix(5))")
            #expect(rule == "jumps" || first.contains { $0.hasSuffix("true") }, "\(rule) \(first.prefix(5))")
            for run in runs.dropFirst() { #expect(run.verdicts(rule, upTo: 10_000_000) == first, "\(rule)") }
        }
        #expect(runs[0].unmatched == [])
    }

    @Test func `with losses a verdict is what it would be without, or unknown`() throws {
        var known = 0
        var all = 0
        for seed in 0..<3 {
            var dice = Dice(UInt64(100 + seed))
            let whole = try SiteRun(Self.site, tags: Self.tags)
            let lossy = try SiteRun(Self.site, tags: Self.tags)
            for (time, said) in records(&dice, count: 600) {
                for one in said {
                    give(one, at: time, to: whole)
                    if dice.isTrue(oneIn: 25) {
                        lossy.lose(one.subject, at: time)
                    } else {
                        give(one, at: time, to: lossy)
                    }
                }
            }
            whole.close(upTo: 3_000_000)
            lossy.close(upTo: 3_000_000)
            for rule in Self.rules {
                let truths = whole.truths(rule, every: 2_500, upTo: 2_900_000)
                let found = lossy.truths(rule, every: 2_500, upTo: 2_900_000)
                for (number, truth) in truths.enumerated() where truth != .unknown || found[number] != .unknown {
                    let isSound = found[number] == .unknown || found[number] == truth
                    if !isSound { Issue.record("\(rule) at \(number * 2_500), seed \(seed): \(found[number])") }
                    all += truth == .unknown ? 0 : 1
                    known += found[number] == .unknown ? 0 : 1
                }
            }
        }
        #expect(known * 10 > all * 4)
        print("losses: \(known) of \(all) verdicts as known as without")
    }

    @Test func `a line has a new level once it was steady, and its edges count from then`() throws {
        let run = try SiteRun("rules: {r: {never: B}, s: {at-start-of: [B], needs: A}}")
        run.line(0, false, at: 0)
        run.line(1, false, at: 0)
        for (number, time) in [100_000, 102_000, 104_000, 108_999, 109_000, 113_999, 200_000].enumerated() {
            run.line(1, number % 2 == 0, at: time)
        }
        // High from 109,000 to 113,999 is not long enough, and low for 5 us is not until then.
        #expect(run.verdicts("r", upTo: 300_000) == ["5000 true", "205000 false"])
        #expect(run.verdicts("s", upTo: 300_000) == ["5000 true", "205000 false", "205001 true"])
    }

    @Test func `what starts in its own turn takes it, also while the other may not start`() throws {
        let run = try SiteRun(
            "rules: {r: {at-start-of: [A, B], after: (not A and not B) for 10us, in-turn: [LT > 1 m, FT > 1 m]}}",
            signals: """
                  A: {role: command}
                  B: {role: command}
                  LT: {role: measurement, unit: m}
                  FT: {role: measurement, unit: m}
                """)
        run.line(0, false, at: 0)
        run.line(1, false, at: 0)
        let changes: [(line: Int, time: Int)] = [
            (0, 100), (0, 150), (1, 300), (1, 320), (0, 400), (0, 450), (1, 500), (1, 550), (1, 600),
        ]
        var levels = [false, false]
        for time in stride(from: 0, to: 650, by: 10) {
            // A may not start from 250 to 350 us.
            run.scans([((250..<350).contains(time) ? 0 : 2, 2)], from: time * 1_000)
            for change in changes where change.time == time {
                levels[change.line].toggle()
                run.line(change.line, levels[change.line], at: time * 1_000)
            }
        }
        #expect(
            run.verdicts("r", upTo: 650_000) == [
                "0 true", "100000 unknown", "100001 true", "600000 false", "600001 true",
            ])
    }

    @Test func `what joins, or stands in for what may not start, takes nobody's turn`() throws {
        let run = try SiteRun(
            "rules: {r: {at-start-of: [A, B], after: (not A and not B) for 10us, in-turn: [LT > 1 m, FT > 1 m]}}",
            signals: """
                  A: {role: command}
                  B: {role: command}
                  LT: {role: measurement, unit: m}
                  FT: {role: measurement, unit: m}
                """)
        run.line(0, false, at: 0)
        run.line(1, false, at: 0)
        let changes: [(line: Int, time: Int)] = [
            (0, 100), (0, 150), (1, 200),
            (0, 220),  // A joins B
            (0, 250), (1, 250), (0, 400), (0, 450),
            (0, 550),  // A in place of B
            (0, 580), (1, 700), (1, 750), (0, 800), (0, 850), (0, 900),
        ]
        var levels = [false, false]
        for time in stride(from: 0, to: 950, by: 10) {
            // B may not start from 500 to 600 us.
            run.scans([(2, (500..<600).contains(time) ? 0 : 2)], from: time * 1_000)
            for change in changes where change.time == time {
                levels[change.line].toggle()
                run.line(change.line, levels[change.line], at: time * 1_000)
            }
        }
        // Whose turn the first was, nobody knows.
        #expect(
            run.verdicts("r", upTo: 950_000) == [
                "0 true", "100000 unknown", "100001 true", "900000 false", "900001 true",
            ])
    }

    @Test func `starts are counted from the first to the last instant of a window`() throws {
        let run = try SiteRun("rules: {r: {count: A, at-most: 2 in 100us}}")
        run.line(0, false, at: 0)
        for (number, time) in [10, 20, 30, 40, 110, 111, 210, 211].enumerated() {
            run.line(0, number % 2 == 0, at: time * 1_000)
        }
        // Starts at 10, 30, 110 and 210 us.
        #expect(run.verdicts("r", upTo: 400_000) == ["100001 true", "110000 false", "110001 true"])
        let other = try SiteRun("rules: {r: {count: A, at-most: 2 in 100us}}")
        other.line(0, false, at: 0)
        other.lose(.line(LineID(0)), at: 150_000)
        other.line(0, false, at: 160_000)
        #expect(other.verdicts("r", upTo: 400_000) == ["100001 true", "150000 unknown", "260001 true"])
    }
}
