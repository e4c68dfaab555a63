import TapConfig
import TapCore
import TestSupport
import Testing

@testable import TapWatch

/// Channels that are not trusted after steps that nothing physical makes, and inputs that drop with their supply.
@Suite
struct TrustTests {
    private static let ms = 1_000_000
    /// A level that moves by 0.02 m/s at most and is exact to 0.025 m: after a step it must come back within 0.5 m.
    private static let level = "LT: {role: measurement, unit: m, accuracy: 25 mm, fastest: 20 mm/s, back-within: 0.5 m}"
    private static let rules = """
        claims: {hmi: {every: 1s, late: 100ms, tags: {LEVEL: {is: m, of: LT}}}}
        rules:
          known: {always: LT > 0 m or LT < 0.1 m}
          low: {never: LT < 1 m}
          moves: {never: LT jumps}
        """
    private static let tags = [TagInfo(id: TagID(0), name: "LEVEL", source: "hmi", unit: "m")]

    private func run(_ signals: String = level, rate_hz: Double = 10) throws -> SiteRun {
        try SiteRun(Self.rules, signals: "  " + signals, tags: Self.tags, rate_hz: rate_hz)
    }

    /// Ten scans a second of each value, from that tenth of a second on.
    private func give(_ values: [(value: Double, count: Int)], from tenth: Int = 0, to run: SiteRun) {
        var next = tenth
        for (value, count) in values {
            run.scans(Array(repeating: (value, 0), count: count), from: next * 100 * Self.ms, each: 100 * Self.ms)
            next += count
        }
    }

    /// With times in milliseconds.
    private func verdicts(_ rule: String, of run: SiteRun, upTo seconds: Int) -> [String] {
        run.verdicts(rule, upTo: seconds * 1000 * Self.ms).map { text in
            let parts = text.split(separator: " ")
            return "\(Int(parts[0]).map { Double($0) / Double(Self.ms) } ?? -1) \(parts[1])".replacing(".0 ", with: " ")
        }
    }

    @Test func `from a step that is too fast on nothing is known, until a second after it stepped back`() throws {
        let run = try run()
        // Up by 1 m after 2 s, back after 60 s, to 0.3 m beside where it was.
        give([(2, 20), (3, 600), (2.3, 40)], to: run)
        // A step lasts as long as there are other values within a second before.
        #expect(verdicts("low", of: run, upTo: 65) == ["0 true", "2000 unknown", "63000 true"])
        // The finding needs two seconds.
        #expect(verdicts("LT untrusted", of: run, upTo: 65) == ["0 true", "4000 false", "63000 true"])
        // What sees the step sees it as before.
        #expect(
            verdicts("moves", of: run, upTo: 65) == [
                "1000 true", "2000 false", "3000 true", "62000 false", "63000 true",
            ])
    }

    @Test func `a step that comes back too far away, or moves further away, is none back`() throws {
        for (number, values) in [
            [(2.0, 20), (3.0, 100), (1.45, 100)],  // 0.55 m below
            [(2.0, 20), (2.1, 100), (2.2, 100)],  // within 0.5 m, but away
            [(2.0, 20), (2.1, 100), (2.1, 100)],  // it stays
        ].enumerated() {
            let run = try run()
            give(values, to: run)
            #expect(verdicts("low", of: run, upTo: 21) == ["0 true", "2000 unknown"], "\(number)")
        }
    }

    @Test func `what drifts back stays unknown, and what is as fast as it may be is no step`() throws {
        let run = try run()
        give([(2, 20), (2.3, 20)], to: run)
        for step in 0..<200 { give([(2.3 - 0.0015 * Double(step), 1)], from: 40 + step, to: run) }
        #expect(verdicts("low", of: run, upTo: 24) == ["0 true", "2000 unknown"])
        let other = try self.run()
        for step in 0..<200 { give([(2 + 0.002 * Double(step), 1)], from: step, to: other) }
        #expect(verdicts("low", of: other, upTo: 20) == ["0 true"])
    }

    @Test func `a spike is over a second after it, and a slow flank is one step`() throws {
        let run = try run()
        give([(2, 20), (4, 1), (2, 39)], to: run)
        #expect(verdicts("low", of: run, upTo: 6) == ["0 true", "2000 unknown", "3100 true"])
        #expect(verdicts("LT untrusted", of: run, upTo: 6) == ["0 true"])
        let slow = try self.run()
        give([(2, 20), (2.4, 1), (2.8, 1), (3.2, 1), (3.6, 97), (3.1, 1), (2.6, 1), (2.1, 1), (1.9, 20)], to: slow)
        #expect(verdicts("low", of: slow, upTo: 14) == ["0 true", "2000 unknown", "13300 true"])
    }

    @Test func `a person says that it is right, from the next scan on`() throws {
        let run = try run()
        give([(2, 20), (3, 100)], to: run)
        run.note("trust FT: not watched for steps", at: 11_850 * Self.ms)
        run.note("trust LT: new transmitter", at: 11_950 * Self.ms)
        give([(3, 50), (2, 30)], from: 120, to: run)
        // Then it is the other value that is the last trusted one.
        #expect(verdicts("low", of: run, upTo: 20) == ["0 true", "2000 unknown", "12000 true", "17000 unknown"])
        #expect(verdicts("LT untrusted", of: run, upTo: 20) == ["0 true", "4000 false", "12000 true", "19000 false"])
    }

    @Test func `after a failure that its transmitter signals it must step back too`() throws {
        let signals =
            "LT: {role: measurement, loop: 4..20 m = 0..5 m, trusted: 3.7..20.75 m, accuracy: 25 mm, fastest: 20 mm/s, back-within: 0.5 m}"
        let run = try run(signals)
        // 2.5 m; broken; 2.5 m again. Then the same, and it comes back with 0 m.
        give([(12, 20), (0, 100), (12, 40), (0, 100), (4, 60)], to: run)
        #expect(
            verdicts("known", of: run, upTo: 32) == [
                "0 true", "2000 unknown", "13000 true", "16000 unknown",
            ])
        #expect(
            verdicts("LT failed", of: run, upTo: 32) == [
                "0 true", "4000 false", "12000 true", "18000 false", "26000 true",
            ])
        // As long as the transmitter says so itself, that is what is said.
        #expect(verdicts("LT untrusted", of: run, upTo: 32) == ["0 true", "28000 false"])
    }

    @Test func `blocks and single scans give the same, and a loss ends no distrust`() throws {
        var dice = Dice(5)
        var values: [(Double, Double)] = []
        var level = 2.0
        for number in 0..<3000 {
            if number > 0, dice.isTrue(oneIn: 60) { level = dice.isTrue(oneIn: 2) ? 2 : 1 + Double(dice.below(3)) }
            values.append((level + Double(dice.below(20)) / 1000, 0))
        }
        var all: [[String]] = []
        for most in [1, 7, 1000] {
            let run = try run()
            for begin in stride(from: 0, to: values.count, by: most) {
                run.scans(
                    Array(values[begin..<min(begin + most, values.count)]), from: begin * 100 * Self.ms,
                    each: 100 * Self.ms)
            }
            all.append(verdicts("known", of: run, upTo: 300) + verdicts("LT untrusted", of: run, upTo: 300))
        }
        #expect(all[0].count > 20)
        #expect(all[1] == all[0])
        #expect(all[2] == all[0])
        let lossy = try run()
        give([(2, 20), (3, 20)], to: lossy)
        lossy.lose(.device(DeviceID(0)), at: 4_050 * Self.ms)
        give([(2, 30)], from: 60, to: lossy)
        #expect(verdicts("low", of: lossy, upTo: 9) == ["0 true", "2000 unknown"])
    }

    // Supplies.

    private static let fed = """
        claims: {hmi: {every: 100us, late: 30us, tags: {RUN: {of: B}, STARTS: {is: "1", counts: B}}}}
        rules:
          level: {never: B}
          starts: {count: B, at-most: 1 in 1ms}
          rises: {at-start-of: [B], needs: not A}
        """
    private static let supply = """
          A: {role: supply, feeds: [B, LT], decay: 20us}
          B: {role: feedback, settle: 5us}
          LT: {role: measurement, unit: m}
        """

    private func fed(_ changes: [(line: Int, time: Int)], _ signals: String = supply, site: String = fed) throws
        -> SiteRun
    {
        let run = try SiteRun(
            site, signals: signals,
            tags: [
                TagInfo(id: TagID(0), name: "RUN", source: "hmi"), TagInfo(id: TagID(1), name: "STARTS", source: "hmi"),
            ])
        run.line(0, true, at: 0)
        run.line(1, true, at: 0)
        var levels = [true, true]
        for change in changes {
            levels[change.line].toggle()
            run.line(change.line, levels[change.line], at: change.time * 1000)
        }
        return run
    }

    @Test func `what drops with its supply, before it or after, has no edge`() throws {
        // The input 15 us before its supply and back 10 us after it; then the other way round.
        let both: [[(line: Int, time: Int)]] = [
            [(1, 100), (0, 115), (0, 300), (1, 310)], [(0, 100), (1, 115), (1, 290), (0, 300)],
        ]
        for changes in both {
            let run = try fed(changes)
            let gone = changes[0].line == 0 ? 100_000 : 115_000
            #expect(run.verdicts("level", upTo: 2_000_000) == ["20000 false", "\(gone) unknown", "320000 false"])
            // Not known is whether it began meanwhile: so long is the window.
            #expect(
                run.verdicts("starts", upTo: 2_000_000) == ["1320001 true"])
            #expect(run.verdicts("rises", upTo: 2_000_000).contains { $0.hasSuffix("false") } == false)
        }
    }

    @Test func `what drops and its supply does not has an edge, after the longest that both may be apart`() throws {
        let run = try fed([(1, 100), (1, 300)])
        #expect(run.verdicts("level", upTo: 2_000_000) == ["20000 false", "120000 true", "320000 false"])
        #expect(
            run.verdicts("rises", upTo: 2_000_000) == ["20001 true", "320000 false", "320001 true"])
        // One instant longer than they may be apart.
        let late = try fed([(1, 100), (0, 121)])
        #expect(late.verdicts("level", upTo: 2_000_000) == ["20000 false", "120000 true", "121000 unknown"])
    }

    @Test func `a counter is no finding whether its edge without a supply was counted or not`() throws {
        for counted in [7.0, 8.0] {
            let run = try fed([])
            run.claim(1, .number(7), at: 50_000)
            run.claim(1, .number(7), at: 90_000)
            run.line(1, false, at: 100_000)
            run.line(0, false, at: 110_000)
            run.line(0, true, at: 300_000)
            run.line(1, true, at: 310_000)
            run.claim(1, .number(counted), at: 400_000)
            run.claim(1, .number(counted), at: 500_000)
            run.claim(1, .number(counted + 1), at: 600_000)
            #expect(
                run.verdicts("hmi.STARTS", upTo: 700_000).filter { $0.hasSuffix("false") } == ["600000 false"],
                "\(counted)")
        }
    }

    @Test func `what is fed is unknown without its supply, and a supply that is not there or feeds itself is none`()
        throws
    {
        func run(_ signals: String, _ site: String, drops: [Int]) throws -> SiteRun {
            let run = try SiteRun(site, signals: signals)
            var isHigh = false
            for time in stride(from: 0, to: 300, by: 10) {
                if time == 0 || drops.contains(time) {
                    isHigh.toggle()
                    run.line(0, isHigh, at: time * 1000)
                    if time == 0 { run.line(1, true, at: 0) }
                }
                run.scans([(0, 0)], from: time * 1000)
            }
            return run
        }
        let site = "rules: {r: {never: LT > 1 m}, s: {never: A}}"
        #expect(
            try run(Self.supply, site, drops: [100, 200]).verdicts("r", upTo: 300_000) == [
                "20000 true", "100000 unknown", "220000 true",
            ])
        let loop = """
              A: {role: supply, feeds: [B], decay: 20us}
              B: {role: supply, feeds: [A], decay: 20us}
              C: {role: supply, feeds: [LT], decay: 20us}
              LT: {role: measurement, unit: m}
            """
        let other = try run(loop, site, drops: [100])
        #expect(other.verdicts("r", upTo: 300_000).first == "0 true")
        #expect(other.unmatched == ["C"])
        #expect(other.verdicts("s", upTo: 300_000).last == "120000 true")
    }
}
