import TapConfig
import TapWatch
import Testing

struct SiteCompilerTests {
    private static let site = """
        tap-site: 1
        name: well
        title: Well
        signals:
          CMD: {role: command}
          FB: {role: feedback, settle: 20ms}
          LT: {role: measurement, loop: 4..20 mA = 0..5 m, accuracy: 25 mm}
        claims: {hmi: {every: 1s, late: 150ms, tags: {LEVEL: {is: mm, of: LT, hold: 2 polls, while: CMD}, ALARM: {}, RUN: {of: FB}}, silent-after: 4 polls}}
        words: {high: LT >= 3.6 m or CMD}
        rules:
          obeys: {while: CMD, settle: 200ms, when: CMD, then: FB, within: 150ms, both-ways: true}
          told: {when: high for 2s, then: hmi.ALARM, within: 3s, for-at-most: 3min}
          never: {never: CMD != FB, for: 2s}
          always: {always: 1 m < LT < 2 m}
          starts: {count: FB, at-most: [8 in 1h, 3 in 1min]}
          balance: {balance: change(LT), at-most: 1 m, over: 5min, within: 10 mm}
          turn: {at-start-of: [CMD, FB], after: not FB for 60s, needs: LT > 2 m, in-turn: [FB, CMD]}
          formula: {formula: "once[0s, 5s](CMD) or eventually[0s, 2s](FB)"}
        """

    private static let rested = "(once[1ns, 1ns] (historically[0s, 1min] (not FB)))"

    /// One may start while the other is high: it had its turn.
    private static func took(_ one: String, _ other: String) -> String {
        "((\(one) rises) and \(rested) and (\(one) or (once[1ns, 1ns] ((not ((\(one) rises) and \(rested))) since[0s, inf) "
            + "((\(other) rises) and \(rested) and \(other))))))"
    }

    private static func again(_ one: String, _ other: String) -> String {
        "((\(one) rises) and (once[1ns, 1ns] ((not \(took(other, one))) since[0s, inf) \(took(one, other)))) and \(one))"
    }

    @Test(
        arguments: [
            (
                "hmi.RUN",
                "not ((not (hmi.RUN said)) since[0s, inf) ((hmi.RUN said) and ((hmi.RUN and "
                    + "(historically[0s, 150ms] (not (FB level)))) or ((not hmi.RUN) and "
                    + "(historically[0s, 150ms] (FB level))))))"
            ),
            (
                "hmi.LEVEL",
                "not (((not (hmi.LEVEL said)) and CMD) since[0s, inf) ((hmi.LEVEL said) and CMD and "
                    + "(not (hmi.LEVEL agrees)) and (once[1ns, 1ns] (((not (hmi.LEVEL said)) and CMD) since[0s, inf) "
                    + "((hmi.LEVEL said) and CMD and (not (hmi.LEVEL agrees)))))))"
            ),
            ("hmi silent", "not (hmi silent)"),
            (
                "obeys",
                "(not (historically[0s, 150ms] ((historically[0s, 200ms] CMD) and (CMD and (not FB))))) and "
                    + "(not (historically[0s, 150ms] ((historically[0s, 200ms] CMD) and ((not CMD) and FB))))"
            ),
            (
                "told",
                "not (historically[0s, 3s] (((historically[0s, 2s] ((LT >= 3.6 m) or CMD)) and (not hmi.ALARM)) and "
                    + "(not (historically[0s, 3min] (historically[0s, 2s] ((LT >= 3.6 m) or CMD))))))"
            ),
            ("never", "not (historically[0s, 2s] (not ((CMD and FB) or ((not CMD) and (not FB)))))"),
            ("always", "(1 m < LT) and (LT < 2 m)"),
            ("starts", "(count(FB, 1h) <= 8) and (count(FB, 1min) <= 3)"),
            ("balance", "balance of balance"),
            (
                "turn",
                "not ((((CMD rises) or (FB rises)) and \(rested)) and "
                    + "((not (LT > 2 m)) or \(again("CMD", "FB")) or \(again("FB", "CMD"))))"
            ),
            ("formula", "(once[0s, 5s] CMD) or (eventually[0s, 2s] FB)"),
        ])
    func `a rule is a formula of temporal logic`(name: String, text: String) throws {
        let formulas = SiteCompiler.formulas(of: try SiteFile.parse(Self.site, file: "s"))
        let rule = try #require(formulas.first { $0.name == name })
        let printed = "\(rule.formula)"
        // The `and` of two chains, whose parentheses are a matter of taste.
        #expect(printed.filter { !"()".contains($0) } == text.filter { !"()".contains($0) })
        #expect(Set(rule.formula.atoms) == Set(rule.atoms.keys))
    }
}
