import TapConfig
import TapCore
import Testing

@testable import TapWatch

/// What excuses findings, and what puts rules to the proof.
@Suite
struct WorkTests {
    private final class Collector: FindingSink {
        var lines: [String] = []
        func began(_ finding: Finding) {
            let work = finding.work.map { " \($0.name) \($0.isPermitted)" } ?? ""
            let shelved = finding.shelved.map { " shelved until \($0.count)" } ?? ""
            lines.append("\(finding.kind) \(finding.rule) \(finding.known.count)\(work)\(shelved)")
        }
        func asked(_ request: WatchRequest, by author: String, at time: Nanoseconds) {
            lines.append("\(request.verb) \(request.subject) \(time.count) \(author)")
        }
        func cleared(_ finding: Finding) { lines.append("over \(finding.rule) \(finding.cleared?.count ?? -1)") }
        func outlasted(_ finding: Finding, at time: Nanoseconds) {
            lines.append("outlasted \(finding.rule) \(time.count)")
        }
        func surveyed(at time: Nanoseconds, blind: [Int]) {}
        func flush() throws(TapError) {}
    }

    private func run(
        _ rules: [WatchedRule], _ work: [WatchedWork] = [], proven: [String: Nanoseconds] = [:],
        _ steps: [(atom: String, truth: Truth, time: Int64)], asked: [(request: WatchRequest, time: Int64)] = [],
        upTo end: Int64
    ) -> (lines: [String], log: FindingLog) {
        let collector = Collector()
        let log = FindingLog(rules, work: work, patience: Nanoseconds(100_000), proven: proven, into: collector)
        var watch = Watch(log.formulas, start: 0, sink: log)
        var requests = asked[...]
        func hear(before time: Int64) {
            while let next = requests.first, next.time <= time {
                requests.removeFirst()
                watch.close(upTo: next.time - 1)
                log.passed(next.time - 1)
                log.heard(next.request, by: "anna", at: Nanoseconds(next.time))
            }
        }
        for (atom, truth, time) in steps {
            hear(before: time)
            if let place = watch.atoms.firstIndex(of: atom) { watch.set(place, truth, at: time) }
        }
        hear(before: end)
        watch.close(upTo: end)
        log.passed(end)
        return (collector.lines, log)
    }

    private static let rule = WatchedRule(name: "r", formula: .not(.atom("A")))

    @Test func `work excuses what is broken while it goes on, visibly, and not what lasts longer`() {
        let work = WatchedWork(name: "w", excuses: ["r"], formula: .atom("W"))
        let (lines, log) = run(
            [Self.rule], [work],
            [
                // Both at one instant: the work counts first.
                ("A", .true, 10), ("W", .true, 10), ("A", .false, 20), ("A", .true, 30), ("W", .false, 40),
                ("A", .false, 50), ("A", .true, 60),
            ], upTo: 100)
        #expect(
            lines == [
                "broken 0 10 w true", "over 0 20", "broken 0 30 w true", "outlasted 0 40", "over 0 50", "broken 0 60",
            ])
        #expect((log.tallies[0].broken, log.tallies[0].excused) == (2, 2))
    }

    @Test func `work that needs a permit excuses with one only`() {
        let work = WatchedWork(name: "w", excuses: ["r"], formula: .atom("W"), permit: .atom("P"))
        let (lines, _) = run(
            [Self.rule], [work],
            [
                ("P", .false, 0), ("W", .true, 5), ("A", .true, 10), ("A", .false, 20), ("P", .true, 30),
                ("A", .true, 40),
                ("P", .false, 50),
            ], upTo: 100)
        #expect(lines == ["broken 0 10 w false", "over 0 20", "broken 0 40 w true", "outlasted 0 50"])
    }

    private static func shelve(_ subject: String, for time: Int64) -> WatchRequest {
        WatchRequest(.shelve, subject, for: Nanoseconds(time))
    }

    @Test func `what a shelved rule finds is marked and counted apart, and said again once the time is over`() {
        let (lines, log) = run(
            [Self.rule], [],
            [("A", .true, 15), ("A", .false, 20), ("A", .true, 25), ("A", .false, 60), ("A", .true, 70)],
            asked: [(Self.shelve("r", for: 40), 10), (Self.shelve("other", for: 40), 11)], upTo: 100)
        #expect(
            lines == [
                "shelve r 10 anna", "broken 0 15 shelved until 50", "over 0 20", "broken 0 25 shelved until 50",
                "outlasted 0 50", "over 0 60", "broken 0 70",
            ])
        #expect((log.tallies[0].broken, log.tallies[0].excused) == (2, 2))
    }

    @Test func `an asset is shelved with all its rules, what stands then too, and taken down again at any time`() throws
    {
        let site = try SiteFile.parse(
            """
            tap-site: 1
            name: s
            title: S
            assets: {pump: Pump}
            signals: {A: {asset: pump, role: mode}, B: {role: mode}}
            rules:
              r: {asset: pump, never: A}
              s: {never: B}
            """, file: "s")
        let rules = WatchedSite(site).rules
        let (lines, log) = run(
            rules, [], [("A", .true, 5), ("B", .true, 15)],
            asked: [(Self.shelve("pump", for: 90), 10), (Self.shelve("pump", for: 0), 20)], upTo: 200)
        // It was said, and counted, before: so it is counted once.
        #expect(
            lines == ["broken 0 5", "shelve pump 10 anna", "broken 1 15", "outlasted 0 20", "shelve pump 20 anna"])
        #expect(log.tallies.map { [$0.broken, $0.excused] } == [[1, 0], [1, 0]])
    }

    @Test func `a shelf and a permit excuse what both are about as long as one of them is in force`() {
        let work = WatchedWork(name: "w", excuses: ["r"], formula: .atom("W"))
        let (lines, _) = run(
            [Self.rule], [work], [("W", .true, 5), ("A", .true, 15), ("W", .false, 30)],
            asked: [(Self.shelve("r", for: 50), 10)], upTo: 100)
        #expect(lines == ["shelve r 10 anna", "broken 0 15 w true shelved until 60", "outlasted 0 60"])
    }

    @Test func `a request is read as it is written`() throws {
        for text in ["shelve hmi silent for 2h: known, order 12: cable", "permit w for 90s", "shelve r for 0s", "trust LT1: new, order 12: yes"] {
            #expect(WatchRequest(text)?.text == text)
        }
        #expect(WatchRequest("shelve hmi silent for 2h: a: b")?.reason == "a: b")
        #expect(WatchRequest("forget r for 2h") == nil)
        #expect(WatchRequest("trust LT1: new") == WatchRequest(.trust, "LT1", for: .zero, reason: "new"))
        for text in ["trust LT1", "trust: me", "trust the screen: no", "trust LT1 for 2h"] {
            #expect(WatchRequest(text) == nil, "\(text)")
        }
        let approval = try #require(WatchRequest("approve hmi.SP as 2100 mm within 10min: order 4713"))
        #expect(
            approval == WatchRequest(approving: "hmi.SP", as: "2100 mm", before: .seconds(600), reason: "order 4713"))
        #expect(approval.text == "approve hmi.SP as 2100 mm within 10min: order 4713")
        for text in ["approve hmi.SP for 2h", "approve hmi.SP as within 10min", "approve hmi.SP 2 m within 10min"] {
            #expect(WatchRequest(text) == nil, "\(text)")
        }
    }

    @Test func `a permit is a note, and a site's work lasts as it says`() throws {
        #expect(WatchRequest("permit calibration for 2h: LT1, by maintenance")?.subject == "calibration")
        #expect(WatchRequest("permit calibration for 2h")?.time == .seconds(7200))
        for text in ["permit calibration", "permit calibration for ever", "calibration for 2h", ""] {
            #expect(WatchRequest(text) == nil, "\(text)")
        }
        let site = try SiteFile.parse(
            """
            tap-site: 1
            name: s
            title: S
            signals: {A: {role: mode}, B: {role: mode}}
            work:
              w: {seen: A, excuses: [r], longest: 5min, after: 15s}
              p: {seen: A, excuses: [r], longest: 10s, permit: true, claimed-by: B}
            rules: {r: {never: B}}
            """, file: "s")
        let watched = WatchedSite(site)
        #expect(
            watched.work.map { "\($0.formula)" } == [
                "once[0s, 15s] (A and (not (historically[0s, 5min] A)))", "A and (not (historically[0s, 10s] A))",
            ])
        #expect(watched.work.map { $0.permit.map { "\($0)" } } == [nil, "p permitted"])
        #expect(watched.rules.map(\.name) == ["r", "p claimed"])
        #expect(watched.rules.last?.sentence == "p is claimed (B), and nobody permitted it.")
    }

    @Test func `a rule that nothing puts to the proof for too long is a finding until something does`() {
        let rule = WatchedRule(
            name: "r", formula: .not(.atom("A")), proof: WatchedRule.Proof(.atom("P"), every: Nanoseconds(50)))
        let steps: [(atom: String, truth: Truth, time: Int64)] = [
            ("P", .false, 0), ("P", .true, 70), ("P", .unknown, 80), ("P", .true, 120), ("P", .false, 125),
            ("A", .true, 160),
        ]
        let (lines, log) = run([rule], [], steps, upTo: 200)
        #expect(lines == ["unproven 0 50", "over 0 70", "broken 0 160", "unproven 0 175"])
        #expect(log.proven.map { $0.last?.count } == [125])
        #expect((log.tallies[0].unproven, log.tallies[0].isUnproven) == (2, true))
        // Seen 30 before the start.
        #expect(run([rule], [], proven: ["r": Nanoseconds(-30)], [steps[0]], upTo: 60).lines == ["unproven 0 20"])
        #expect(run([rule], [], proven: ["r": Nanoseconds(-90)], [steps[0]], upTo: 60).lines == ["unproven 0 0"])
    }

    @Test func `a response is proven where it was asked for and came, another rule while its guard holds`() throws {
        let site = try SiteFile.parse(
            """
            tap-site: 1
            name: s
            title: S
            signals: {A: {role: mode}, B: {role: alarm}}
            rules:
              r: {when: A for 2s, then: B, within: 1s, proven-every: 90d}
              g: {while: A, never: B, proven-every: 1h}
              n: {never: B}
            """, file: "s")
        #expect(
            WatchedSite(site).rules.map { $0.proof.map { "\($0.formula)" } } == [
                "(historically[0s, 2s] A) and B", "A", nil,
            ])
    }
}
