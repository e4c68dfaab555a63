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
            lines.append("\(finding.kind) \(finding.rule) \(finding.known.count)\(work)")
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
        _ steps: [(atom: String, truth: Truth, time: Int64)], upTo end: Int64
    ) -> (lines: [String], log: FindingLog) {
        let collector = Collector()
        let log = FindingLog(rules, work: work, patience: Nanoseconds(100_000), proven: proven, into: collector)
        var watch = Watch(log.formulas, start: 0, sink: log)
        for (atom, truth, time) in steps {
            if let place = watch.atoms.firstIndex(of: atom) { watch.set(place, truth, at: time) }
        }
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

    @Test func `a permit is a note, and a site's work lasts as it says`() throws {
        #expect(WorkPermit("permit calibration for 2h: LT1, by maintenance")?.work == "calibration")
        #expect(WorkPermit("permit calibration for 2h")?.time == .seconds(7200))
        for text in ["permit calibration", "permit calibration for ever", "calibration for 2h", ""] {
            #expect(WorkPermit(text) == nil, "\(text)")
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
        #expect(watched.rules.last?.sentence == "Does not hold: There must never be B without a person's permit.")
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
