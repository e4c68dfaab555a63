import TapConfig
import TapCore
import TestSupport
import Testing

@testable import TapWatch

@Suite
struct NumberTests {
    @Test func `a threshold is true from its accuracy above it on, false below, unknown between`() throws {
        let run = try SiteRun("rules: {r: {always: LT >= 3.5 m}, s: {always: LT < 3.5 m}, t: {always: LT > 3.5 m}}")
        for (number, value) in [3.75, 3.7499, 3.25, 3.2499, 3.75, .nan, 3, .infinity].enumerated() {
            run.level(value, at: number * 10_000)
        }
        #expect(
            run.verdicts("r", upTo: 79_999) == [
                "0 true", "10000 unknown", "30000 false", "40000 true", "50000 unknown", "60000 false", "70000 unknown",
            ])
        #expect(
            run.verdicts("s", upTo: 79_999) == [
                "0 false", "10000 unknown", "30000 true", "40000 false", "50000 unknown", "60000 true", "70000 unknown",
            ])
        #expect(
            run.verdicts("t", upTo: 79_999) == ["20000 false", "40000 unknown", "60000 false", "70000 unknown"])
        #expect(run.unmatched == [])
    }

    @Test func `a transmitter has failed once it has said so for two seconds, while it has its supply`() throws {
        let run = try SiteRun(
            "rules: {r: {never: LT > 4 m}}",
            signals: """
                  A: {role: supply, feeds: [LT]}
                  LT: {role: measurement, loop: 4..20 m = 0..5 m, trusted: 3.7..20.75 m, accuracy: 0.1 m}
                """)
        let second = 1_000_000_000
        run.line(0, true, at: 0)
        // Once a second 100 scans: measured, failed for less than 2 s, measured, failed, failed without supply.
        func scans(_ value: Double, from: Int, to: Int) {
            for begin in from..<to {
                run.scans(Array(repeating: (value, 0), count: 100), from: begin * second, each: second / 100)
            }
        }
        scans(3.7, from: 0, to: 3)
        scans(3.69, from: 3, to: 4)
        scans(20.75, from: 4, to: 6)
        scans(20.76, from: 6, to: 9)
        run.line(0, false, at: 9 * second)
        scans(0, from: 9, to: 13)
        #expect(
            run.verdicts("LT failed", upTo: 12 * second) == ["0 true", "8000000000 false", "9000000000 true"])
        // What is measured then is not trusted.
        #expect(
            run.verdicts("r", upTo: 12 * second) == [
                "0 true", "3000000000 unknown", "4000000000 false", "6000000000 unknown",
            ])
    }

    @Test func `a channel is unknown three periods after its last scan, and from a gap on`() throws {
        let run = try SiteRun("rules: {r: {always: LT > 1 m}}")
        run.level(2, at: 0)
        run.level(2, at: 100_000)
        run.lose(.device(DeviceID(0)), at: 115_000)
        run.level(2, at: 120_000)
        #expect(
            run.verdicts("r", upTo: 1_000_000) == [
                "0 true", "30000 unknown", "100000 true", "115000 unknown", "120000 true", "150000 unknown",
            ])
    }

    @Test func `a channel of which nothing states a period lasts three times its longest distance`() throws {
        let run = try SiteRun("rules: {r: {always: LT > 1 m}}", rate_hz: nil)
        for time in [0, 50_000, 60_000, 80_000] { run.scans([(2, 0)], from: time, each: 0) }
        run.lose(.device(DeviceID(0)), at: 90_000)
        for time in [500_000, 510_000] { run.scans([(2, 0)], from: time, each: 0) }
        #expect(
            run.verdicts("r", upTo: 1_000_000) == ["0 true", "90000 unknown", "500000 true", "660000 unknown"])
    }

    @Test func `blocks and single scans give the same verdicts`() throws {
        var dice = Dice(3)
        let site = """
            rules:
              plain: {always: LT > 2 m}
              range: {always: "1 m < LT < 3 m", for: 70us}
              sum: {never: "max(LT, FT) - 2 * min(abs(LT), FT^2 / 1 m) > 0.5 m"}
              both: {never: LT > 2.5 m and A}
              steady: {never: LT steady 100us}
              change: {never: "change(FT, 200us) > 1 m"}
            """
        var values: [(Double, Double)] = []
        for number in 0..<3000 {
            let (first, second) = (Double(dice.below(1000)) / 2000, Double(dice.below(1000)) / 1000)
            values.append((first + Double(number / 300 % 4), second + Double(number / 500 % 3)))
        }
        var runs: [SiteRun] = []
        for most in [1, 7, 1000] {
            let run = try SiteRun(site)
            run.line(0, true, at: 0)
            var next = 0
            while next < values.count {
                // At the same places a line changes, whatever the blocks are.
                let change = (next / 400 + 1) * 400
                let count = min(most, min(change, values.count) - next)
                run.scans(Array(values[next..<next + count]), from: next * 10_000)
                next += count
                if next == change { run.line(0, next / 400 % 2 == 0, at: next * 10_000 - 5_000) }
            }
            run.close(upTo: 3000 * 10_000)
            runs.append(run)
        }
        for rule in ["plain", "range", "sum", "both", "steady", "change"] {
            let first = runs[0].verdicts(rule, upTo: 30_000_001)
            #expect(first.count > 4, "\(rule)")
            for run in runs.dropFirst() { #expect(run.verdicts(rule, upTo: 30_000_001) == first, "\(rule)") }
        }
    }

    @Test func `spans hold every value that their parts can make`() {
        var dice = Dice(11)
        func span() -> ValueSpan {
            let low = Double(dice.below(41) - 20) / 4
            return ValueSpan(low: low, high: low + Double(dice.below(9)) / 4)
        }
        func points(_ span: ValueSpan) -> [Double] {
            (0...4).map { span.low + (span.high - span.low) * Double($0) / 4 }
        }
        for _ in 0..<300 {
            let (left, right) = (span(), span())
            for a in points(left) {
                let ones: [(ValueSpan, Double)] = [
                    (-left, -a), (left.magnitude, abs(a)), (left.power(2), a * a), (left.power(3), a * a * a),
                ]
                for b in points(right) {
                    let twos: [(ValueSpan, Double)] = [
                        (left + right, a + b), (left - right, a - b), (left * right, a * b),
                        (left.greatest(right), max(a, b)), (left.least(right), min(a, b)),
                    ]
                    for (span, value) in ones + twos { #expect(span.low <= value && value <= span.high) }
                    let quotient = left / right
                    #expect(
                        quotient.isKnown
                            ? quotient.low <= a / b + 1e-9 && a / b - 1e-9 <= quotient.high
                            : right.low <= 0 && right.high >= 0)
                    let order = left.isAtLeast(right)
                    #expect(order == .unknown || order == Truth(a >= b))
                }
            }
        }
    }

    @Test func `a hull and a history are what the definition says`() {
        var dice = Dice(29)
        for _ in 0..<200 {
            let window = Int64(1 + dice.below(12))
            var hull = SlidingHull(window: window, start: 0)
            var history = History(window: window)
            var trace: [Double] = []
            var value = Double.nan
            for now in 0..<60 {
                if dice.isTrue(oneIn: 3) {
                    value = dice.isTrue(oneIn: 9) ? .nan : Double(dice.below(9))
                    hull.push(ValueSpan(value), at: Int64(now))
                    history.add(ValueSpan(value), at: Int64(now))
                }
                trace.append(value)
                let first = now - Int(window)
                let within = trace[max(0, first)...]
                let known = within.filter { !$0.isNaN }
                let found = hull.hull(at: Int64(now))
                #expect(found.low.isNaN ? known.isEmpty : found.low == known.min() && found.high == known.max())
                #expect(hull.isPartlyUnknown(at: Int64(now)) == (first < 0 || within.contains { $0.isNaN }))
                history.drop(at: Int64(now))
                let old = history.atBegin(of: Int64(now))?.hull.low ?? .nan
                #expect(first < 0 || trace[first].isNaN ? old.isNaN : old == trace[first])
            }
        }
    }
}
