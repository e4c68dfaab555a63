import TapConfig
import TapCore
import Testing

/// Rules stand at line 11, work at line 12.
private func site(rules: String = "{}", work: String = "{}") -> String {
    """
    tap-site: 1
    name: well
    title: Well
    each: {P#: [P1, P2]}
    signals:
      P#_CMD: {role: command}
      P#_FB: {role: feedback}
      LT: {role: measurement, loop: 4..20 mA = 0..5 m, accuracy: 25 mm, fastest: 20 mm/s}
      FT: {role: measurement, unit: m3/h}
    claims: {hmi: {every: 1s, late: 150ms, silent-after: 3 polls, tags: {LEVEL: {is: mm, of: LT, hold: 3 polls}, ALARM: {}}}}
    rules: \(rules)
    work: \(work)
    """
}

struct SiteRuleTests {
    private func meanings(_ rules: String) throws -> [String: SiteMeaning] {
        let site = try SiteFile.parse(site(rules: rules), file: "s")
        return Dictionary(site.meanings.map { ($0.name, $0) }) { first, _ in first }
    }

    @Test func `work excuses how late a tag is, where its site limits that`() throws {
        let text = site(work: "{w: {seen: LT jumps, excuses: [hmi.LEVEL late-by-at-most], longest: 5min}}")
        let limited = text.replacing("hold: 3 polls}", with: "hold: 3 polls, late-by-at-most: 2s}")
        #expect(try SiteFile.parse(limited, file: "s").work[0].excuses == ["hmi.LEVEL late-by-at-most"])
        #expect(
            siteMistakes(in: text) == [
                "s:12:38: excuses 'hmi.LEVEL late-by-at-most', which is no rule: write a rule, a tag that is compared as hmi.LEVEL, or 'hmi silent'"
            ])
    }

    @Test func `what is said of steps and of a supply has its mistakes and its rule`() throws {
        func site(_ level: String, _ supply: String) -> String {
            """
            tap-site: 1
            name: well
            title: Well
            signals:
              LT: {role: measurement, unit: m, \(level)}
              S: {role: supply, \(supply)}
              B: {role: feedback, settle: 20ms}
            rules: {r: {never: B, for: 1s}}
            work: {w: {seen: LT jumps, excuses: [LT untrusted], longest: 5min}}
            """
        }
        let whole = site("accuracy: 25 mm, fastest: 20 mm/s, back-within: 500 mm", "feeds: [B, LT], decay: 50ms")
        let read = try SiteFile.parse(whole, file: "s")
        #expect(read.signals[0].backWithin == 0.5)
        #expect(read.signals[1].decay == .milliseconds(50))
        let meaning = try #require(read.meanings.first { $0.name == "LT untrusted" })
        #expect(meaning.latest == .seconds(2))
        // A new level stands after the longer of both.
        #expect(read.meanings.first { $0.name == "r" }?.latest == .milliseconds(1050))
        #expect(
            siteMistakes(in: site("back-within: 0.5 m", "decay: 20ms")).filter { !$0.contains("jump") } == [
                "s:5:49: signal LT has 'back-within', and no step is too fast for it: add 'fastest', as 20 mm/s",
                "s:6:28: signal S has 'decay', and feeds nothing: add 'feeds', or delete it",
                "s:9:38: excuses 'LT untrusted', which is no rule: write a rule, a tag that is compared as hmi.LEVEL, or 'hmi silent'",
            ])
        #expect(
            siteMistakes(in: site("fastest: 20 mm/s, back-within: 0.5 s", "feeds: [B], decay: 0s")).prefix(2) == [
                "s:5:67: back-within 0.5 s is a time (s), where a length (m) is expected: write it in m or the like",
                "s:6:40: decay 0s is zero: write a time above 0",
            ])
        #expect(
            siteMistakes(in: site("fastest: 20 mm/s, decay: 1s", "feeds: [B], back-within: 1 m")).prefix(1) == [
                "s:5:54: key 'decay' is not allowed here, because LT is a channel: delete it"
            ])
    }

    @Test func `each rule has a sentence and a time`() throws {
        let meanings = try meanings(
            """
            {
              P#-obeys: {while: P#_CMD for 1s, settle: 200ms, when: P#_CMD, then: P#_FB, within: 150ms, both-ways: true},
              told: {when: LT > 3.6 m for 2s, then: hmi.ALARM, within: 3s, for-at-most: 3min},
              dry: {never: P1_FB and P2_FB, for: 2s, clear: {for: 10s}}, load: {always: P1_FB, clear: {when: P2_FB}},
              high: {never: LT > 3.6 m, clear: {when: LT < 3.4 m, for: 1min}},
              starts: {count: P1_FB, at-most: [8 in 1h, 3 in 1min]},
              balance: {balance: "-change(LT) * 12.6 m2", at-most: integral(FT), over: 2min, within: 50 mm * 12.6 m2},
              turn: {at-start-of: [P#_CMD], after: not P1_FB for 60s, needs: LT > 2 m, in-turn: [P#_FB]}}
            """)
        #expect(
            meanings["P2-obeys"]?.sentence
                == "While P2_CMD for 1s and has for 200ms: whenever P2_CMD, there must be P2_FB within 150ms, and only then."
        )
        #expect(meanings["P2-obeys"]?.latest == .milliseconds(150))
        #expect(
            meanings["told"]?.sentence
                == "Whenever LT > 3.6 m for 2s, there must be hmi.ALARM within 3s, for the first 3min.")
        // The claim is at most a poll and its lateness behind.
        #expect(meanings["told"]?.latest == .milliseconds(5_000))
        #expect(
            meanings["dry"]?.sentence
                == "There must never be P1_FB and P2_FB for 2s. A finding of it is over once it has held for 10s.")
        #expect(
            meanings["load"]?.sentence
                == "There must always be P1_FB. A finding of it is over once it holds, and P2_FB.")
        #expect(
            meanings["high"]?.sentence
                == "There must never be LT > 3.6 m. A finding of it is over once it has held for 1min, and LT < 3.4 m all the while."
        )
        #expect(meanings["starts"]?.sentence == "P1_FB may begin at most 8 times in 1h and 3 times in 1min.")
        #expect(
            meanings["balance"]?.sentence
                == "Over any 2min, -change(LT, 2min) * 12.6 m2 may not exceed integral(FT, 2min) by more than 0.63 (SI units)."
        )
        #expect(meanings["balance"]?.latest == .milliseconds(120_000))
        #expect(
            meanings["turn"]?.sentence
                == "P1_CMD or P2_CMD may begin, after not P1_FB for 1min, only where there is LT > 2 m, and in turn, "
                + "as far as P1_FB, P2_FB.")
        #expect(
            meanings["hmi.LEVEL"]?.sentence
                == "The claim hmi.LEVEL must be what LT was at some time of the last 150ms, within 0.025 m "
                + "(accuracy of LT); a difference counts after 3 polls.")
        #expect(meanings["hmi.LEVEL"]?.latest == .milliseconds(4_150))
        #expect(meanings["hmi silent"]?.latest == .milliseconds(3_150))
    }

    @Test func `what no rule watches is listed`() throws {
        let site = try SiteFile.parse(site(rules: "{r: {never: P1_FB and not P1_CMD}}"), file: "s")
        #expect(site.unwatched.signals == ["P2_CMD", "P2_FB", "FT"])
        #expect(site.unwatched.tags.map(\.description) == ["hmi.ALARM"])
    }

    @Test(
        arguments: [
            (
                "{asset: x}",
                "11:12: rule r does not say what must hold: write one of when, never, always, count, balance, at-start-of or formula"
            ),
            ("{never: P1_FB, when: P1_FB}", "11:13: key 'never' conflicts with 'when': make two rules"),
            (
                "{never: P1_FB, within: 2s}",
                "11:27: key 'within' is not allowed here, because it does not go with 'never': delete it"
            ),
            ("{never: P1_FB, for: -2s}", "11:32: for -2s is negative: write 0s or more"),
            (
                "{when: P1_FB, then: P2_FB, within: 5m}",
                "11:47: within 5m is a length in metres, where a time is expected: write 5min for minutes"
            ),
            (
                "{when: P1_FB, then: P2_FB, within: 5s, for-at-most: 2s}",
                "11:64: for-at-most 2s is not longer than within, so the rule can never speak: write a longer time"
            ),
            (
                "{count: P1_FB, at-most: 8}",
                "11:36: at-most '8' is no limit, which is a count, 'in' and a time: write for example 8 in 1h"
            ),
            (
                "{balance: LT, against: FT, over: 5min, within: 3 %}",
                "11:35: balance: a length (m) is compared with a flow (m3/s), whose units cannot agree: compare like with like"
            ),
            (
                "{at-start-of: [P1_CMDX], needs: P1_FB}",
                "11:27: at-start-of 'P1_CMDX' is no line: did you mean 'P1_CMD'?"
            ),
            ("{never: P1_FB, clear: {}}", "11:34: clear says nothing: add 'for: 10s' or 'when: LT1 < 3.4 m'"),
            ("{never: P1_FB, clear: {for: 0s}}", "11:40: for 0s is zero: write a time above 0"),
            ("{never: P1_FB, severity: awful}", "11:37: severity 'awful' is not known: write low, medium or high"),
        ])
    func `mistakes in rules are reported with their places`(rule: String, words: String) {
        #expect(siteMistakes(in: site(rules: "{r: \(rule)}")).first == "s:" + words)
    }

    @Test(
        arguments: [
            ("{seen: not P1_FB, excuses: [r], longest: 5min}", nil),
            (
                "{seen: not P1_FB, excuses: [LEVEL, hmi silent], longest: 5min}",
                "12:39: excuses 'LEVEL', which is no rule: did you mean 'hmi.LEVEL'?"
            ),
            (
                "{seen: LT jumps, excuses: [hmi.LEVEL], longest: 5min, claimed-by: hmi.ALARM}",
                "12:65: work w can be claimed without a permit, which whoever attacks claims as well: add 'permit: true'"
            ),
            (
                "{seen: not P1_FB, excuses: [rr], longest: 5min}",
                "12:39: excuses 'rr', which is no rule: did you mean 'r'?"
            ),
        ])
    func `work excuses rules, claims and silence`(work: String, words: String?) {
        #expect(
            siteMistakes(in: site(rules: "{r: {never: P1_FB}}", work: "{w: \(work)}")).first == words.map { "s:" + $0 })
    }
}
