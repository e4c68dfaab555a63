import TapConfig
import TapCore
import Testing

@testable import TapWatch

/// When a finding is over, where its rule says so.
@Suite
struct ClearingTests {
    private final class Collector: FindingSink {
        var lines: [String] = []
        func began(_ finding: Finding) { lines.append("\(finding.began.count) \(finding.known.count)") }
        func cleared(_ finding: Finding) { lines.append("over \(finding.cleared?.count ?? -1)") }
        func outlasted(_ finding: Finding, at time: Nanoseconds) { lines.append("outlasted \(time.count)") }
        func surveyed(at time: Nanoseconds, blind: [Int]) {}
        func flush() throws(TapError) {}
    }

    /// Of one rule.
    private func run(
        _ rule: String, _ steps: [(atom: String, truth: Truth, time: Int64)], upTo end: Int64 = 1_000
    ) throws -> [String] {
        let text = """
            tap-site: 1
            name: s
            title: S
            signals: {A: {role: alarm}, B: {role: feedback}, C: {role: feedback}}
            rules: {r: \(rule)}
            """
        let collector = Collector()
        let log = FindingLog(
            WatchedSite(try SiteFile.parse(text, file: "s")).rules, patience: Nanoseconds(100_000), into: collector)
        var watch = Watch(log.formulas, start: 0, sink: log)
        for (atom, truth, time) in steps {
            watch.set(try #require(watch.atoms.firstIndex(of: atom)), truth, at: time)
        }
        watch.close(upTo: end)
        log.passed(end)
        return collector.lines
    }

    @Test func `a finding is over once its rule has held for the time, at the first instant at which it is full`()
        throws
    {
        // What is broken again before is the same finding.
        #expect(
            try run(
                "{never: A, clear: {for: 100ns}}",
                [("A", .false, 0), ("A", .true, 10), ("A", .false, 20), ("A", .true, 119), ("A", .false, 130)])
                == ["10 10", "over 230"])
        #expect(
            try run(
                "{never: A, clear: {for: 100ns}}",
                [("A", .false, 0), ("A", .true, 10), ("A", .false, 20), ("A", .true, 121)])
                == ["10 10", "over 120", "121 121"])
    }

    @Test func `what must hold as well decides, all the while, and alone where no time is given`() throws {
        let steps: [(atom: String, truth: Truth, time: Int64)] = [
            ("A", .false, 0), ("B", .false, 0), ("A", .true, 10), ("A", .false, 20), ("B", .true, 30),
            ("B", .false, 60),
            ("B", .true, 70),
        ]
        #expect(try run("{never: A, clear: {when: B}}", steps) == ["10 10", "over 30"])
        #expect(try run("{never: A, clear: {when: B, for: 40ns}}", steps) == ["10 10", "over 110"])
    }

    @Test func `what is unknown ends nothing, and a rule that was never broken waits for nothing`() throws {
        #expect(
            try run(
                "{never: A, clear: {when: B, for: 40ns}}",
                [
                    ("A", .false, 0), ("B", .true, 0), ("A", .true, 10), ("A", .false, 20), ("B", .unknown, 50),
                    ("B", .true, 51),
                ]) == ["10 10", "over 91"])
        #expect(try run("{never: A, clear: {when: B}}", [("A", .false, 0)]) == [])
    }

    @Test func `where what ends it is decided later than the rule, what is broken meanwhile is a finding of its own`()
        throws
    {
        // Over from 30 on, which is known at 130; broken again from 100 on.
        #expect(
            try run(
                "{never: A, clear: {when: \"eventually[0ns, 100ns](B)\"}}",
                [
                    ("B", .false, 0), ("A", .false, 0), ("A", .true, 10), ("A", .false, 20), ("A", .true, 100),
                    ("B", .true, 130), ("A", .false, 140),
                ]) == ["10 10", "over 30", "100 130", "over 140"])
    }
}
