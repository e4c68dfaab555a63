import TapConfig
import TapCore
import Testing

/// A small site, and what is added to it.
private func site(words: String = "{}", rules: String = "{}", work: String = "{}") -> String {
    """
    tap-site: 1
    name: well
    title: Well
    each: {P#: [P1, P2]}
    signals:
      P#_CMD: {role: command}
      P#_FB: {role: feedback, settle: 20ms}
      PULSE: {role: count, each: 10 l}
      LT: {role: measurement, loop: 4..20 mA = 0..5 m, accuracy: 25 mm, fastest: 20 mm/s}
      FT: {role: measurement, unit: m3/h}
    claims:
      hmi: {every: 1s, late: 150ms, silent-after: 3 polls, tags: {LEVEL: {is: mm, of: LT, hold: 3 polls}, P#_RUN: {of: P#_FB}, MODE: {one-of: [auto, hand]}, ALARM: {}}}
    words: \(words)
    rules: \(rules)
    work: \(work)
    """
}

/// What is said of an expression that stands at 13:13 under `words`.
private func problem(_ expression: String) -> String {
    siteMistakes(in: site(words: "{w: \"\(expression)\"}")).joined(separator: "\n")
}

struct SiteExpressionTests {
    private func word(_ expression: String) throws -> SiteWord.Meaning {
        try #require(try SiteFile.parse(site(words: "{w: \"\(expression)\"}"), file: "s").words.first).meaning
    }

    @Test(
        arguments: [
            ("P1_CMD and not P1_FB or P2_FB", "(P1_CMD and not P1_FB) or P2_FB"),
            ("not P1_FB for 60s", "not P1_FB for 1min"),
            ("LT > 2 m for 10s", "LT > 2 m for 10s"),
            ("(P1_CMD != P1_FB) for 3s", "P1_CMD != P1_FB for 3s"),
            ("1m<LT<2.5 m", "1 m < LT and LT < 2.5 m"),
            ("hmi.MODE == auto", "hmi.MODE == auto"),
            ("hmi silent or LT jumps", "hmi silent or LT jumps"),
            ("not LT failed", "not LT failed"),
            ("LT steady 10s", "LT steady 10s"),
            ("max(FT, 0 m3/h) * 2 - FT > -1 m3/h", "max(FT, 0 m3/h) * 2 - FT > -1 m3/h"),
            ("abs(hmi.LEVEL - LT) < 10 mm", "abs(hmi.LEVEL - LT) < 10 mm"),
            ("(FT / 1 m3/h)^2 > 2", "(FT / 1 m3/h)^2 > 2"),
            ("count(P1_FB, 1h) <= 8", "count(P1_FB, 1h) <= 8"),
            ("since[0s, 5min](P1_FB, hmi.ALARM)", "since[0s, 5min](P1_FB, hmi.ALARM)"),
        ])
    func `conditions mean what they say`(written: String, read: String) throws {
        guard case .condition(let condition) = try word(written) else {
            Issue.record("\(written) is no condition")
            return
        }
        #expect(condition.text == read)
    }

    @Test func `quantities can have names`() throws {
        guard case .measure(let measure, let dimension) = try word("integral(FT, 5min) + 10 l") else {
            Issue.record("no measure")
            return
        }
        #expect(measure.text == "integral(FT, 5min) + 10 l")
        #expect(dimension.unit == "m3")
    }

    @Test(
        arguments: [
            ("P1_FBX", "13:13: w: 'P1_FBX' is not known: did you mean 'P1_FB'?"),
            ("LEVEL > 2 m", "13:13: w: 'LEVEL' is not known: did you mean 'hmi.LEVEL'?"),
            (
                "LT > 2 m3/h",
                "13:18: w: a length (m) is compared with a flow (m3/s), whose units cannot agree: write it in m or the like"
            ),
            (
                "LT > 2",
                "13:18: w: a length (m) is compared with a number without a unit, whose units cannot agree: write the unit, as m"
            ),
            (
                "LT + FT > 2 m",
                "13:18: w: a length (m) is added to a flow (m3/s), whose units cannot agree: write it in m or the like"
            ),
            ("LT", ""),
            (
                "not LT",
                "13:17: w: 'LT' is a length (m), where something true or false is expected: compare it, as LT > 1 m"
            ),
            (
                "LT > P1_FB",
                "13:18: w: 'P1_FB' is true or false, where a quantity is expected: write a channel, a number's tag or a quantity as 3.6 m"
            ),
            (
                "LT == 2 m",
                "13:13: w: two quantities are compared with ==, which measured ones never are: write a range, as 1.9 m < LT1 < 2.1 m"
            ),
            ("hmi.MODE == off", "13:25: w: hmi.MODE is never 'off': write one of auto, hand"),
            (
                "hmi.MODE",
                "13:13: w: 'hmi.MODE' is one of several words, where something true or false is expected: write 'hmi.MODE == auto'"
            ),
            (
                "P1_CMD and P1_FB for 2s",
                "13:24: w: 'for' beside 'and' can be read in two ways: put parentheses around what is meant to last, and around the whole: ((a and b) for 2s)"
            ),
            ("P1_FB for -2s", "13:23: w: the time of 'for' is negative: write a time from now on backwards, as 10s"),
            ("P1_FB for 5m", "13:23: w: 5 m is a length in metres, where a time is expected: write 5min for minutes"),
            ("once[5s, 2s](P1_FB)", "13:22: w: the window of once has a negative length: write the earlier time first"),
            ("LT > 2 furlongs", "13:18: w: 2 furlongs: the unit 'furlongs' is not known: write one of "),
            (
                "LT > 1 m < 2 m",
                "13:22: w: '<' after '>' in one comparison: write both with 'and', or one direction as 14 A < P1_I < 25 A"
            ),
            ("(P1_FB", "13:13: w: '(' is not closed: write the ')' that belongs to it"),
            ("P1_FB &", "13:19: w: '&' has no meaning here: write 'and'"),
            (
                "P1_FB P2_FB",
                "13:19: w: 'P2_FB' is not expected here: write an operator before it, as 'and', or delete it"
            ),
            ("LT > .inf m", "13:18: w: '.' has no meaning here: write a digit before the point"),
            (
                "FT jumps",
                "13:13: w: 'FT' cannot jump, which is to change faster than is plausible, and that is not said: write a channel, and its 'fastest' under signals, as 20 mm/s"
            ),
            (
                "P1_FB failed",
                "13:13: w: 'P1_FB' signals no failure, which a transmitter does by a current beyond those of measurement: write a channel with a loop of 4 to 20 mA, or with 'trusted'"
            ),
            ("integral(FT) > 2 l", "13:13: w: integral does not say over how long: write it as integral(..., 5min)"),
            (
                "P1_FB == LT",
                "13:13: w: what is true or false is compared with what is a length (m): compare like with like"
            ),
            ("LT / 0 > 1 m", "13:18: w: a division by zero: write another divisor"),
            ("", "13:13: w: the expression ends too early"),
        ])
    func `what means nothing is refused where it stands`(expression: String, words: String) {
        let found = problem(expression)
        #expect(
            words.isEmpty ? found.isEmpty : found.hasPrefix("s:" + words))
    }

    @Test func `deep nesting is refused`() {
        let deep = String(repeating: "(", count: 500) + "P1_FB" + String(repeating: ")", count: 500)
        #expect(problem(deep).contains("parentheses are nested too deep"))
        #expect(problem(String(repeating: "not ", count: 400) + "P1_FB").contains("'not' stands too often"))
    }

    @Test func `places are found in folded and repeated text`() {
        let text = site(words: "\n  w: P1_FB and\n    P2_FB and\n    P9_FB\n  P#_w: P#_FB and P#_FBX")
        #expect(
            siteMistakes(in: text) == [
                "s:16:5: w: 'P9_FB' is not known: did you mean 'P1_FB'?",
                "s:17:19: P1_w: 'P1_FBX' is not known: did you mean 'P1_FB'?",
            ])
    }

    @Test func `a word uses only words above it`() {
        let text = site(words: "{a: b or P1_FB, b: P1_CMD, P1_FB: P1_CMD}")
        #expect(
            siteMistakes(in: text) == [
                "s:13:12: a: 'b' is not known: move 'b' up: a word uses words that stand above it",
                "s:13:35: word 'P1_FB' has the name of something else, at 7:3: write another name",
            ])
    }

    @Test func `off and on are no names`() {
        #expect(
            siteMistakes(in: site(rules: "{r: {never: off, for: 1s}}")) == [
                "s:14:20: never is off, which many programs read as true or false: write true, false, or the name of a signal"
            ])
    }
}
