import TapConfig
import TapCore
import Testing

@testable import TapWatch

@Suite
struct FindingLogTests {
    private final class Collector: FindingSink {
        var lines: [String] = []
        func began(_ finding: Finding) {
            lines.append(
                "\(finding.number) \(finding.kind) \(finding.rule) \(finding.began.count)..\(finding.known.count)")
        }
        func cleared(_ finding: Finding) { lines.append("\(finding.number) over \(finding.cleared?.count ?? -1)") }
        func outlasted(_ finding: Finding, at time: Nanoseconds) {}
        func surveyed(at time: Nanoseconds, blind: [Int]) { lines.append("survey \(time.count) \(blind)") }
        func flush() throws(TapError) {}
    }

    private static func rule(_ name: String, _ formula: Formula) -> WatchedRule {
        WatchedRule(name: name, formula: formula)
    }

    private static func never(_ atom: String, for time: Int64) -> Formula {
        .not(.historically(FormulaWindow(upTo: Nanoseconds(time)), .atom(atom)))
    }

    @Test func `a finding begins with what is wrong, is known once the rule allows no more, and is over once it holds`()
    {
        let collector = Collector()
        let log = FindingLog([Self.rule("r", Self.never("A", for: 50))], patience: Nanoseconds(1000), into: collector)
        var watch = Watch(log.rules.map(\.formula), start: 0, sink: log)
        watch.set(0, .false, at: 10)
        watch.set(0, .true, at: 100)
        watch.set(0, .unknown, at: 200)
        watch.set(0, .true, at: 300)
        watch.set(0, .false, at: 400)
        watch.close(upTo: 500)
        log.passed(500)
        #expect(collector.lines == ["1 broken 0 100..150", "1 over 400"])
        #expect(log.tallies[0].broken == 1)
        #expect(!log.tallies[0].isBroken)
        #expect(log.tallies[0].holds == true)
    }

    @Test func `what looks ahead is known later than it is broken`() {
        let collector = Collector()
        let formula = Formula.eventually(FormulaWindow(upTo: Nanoseconds(30)), .atom("A"))
        let log = FindingLog([Self.rule("r", formula)], patience: Nanoseconds(1000), into: collector)
        var watch = Watch([formula], start: 0, sink: log)
        watch.set(0, .true, at: 0)
        watch.set(0, .false, at: 100)
        watch.close(upTo: 200)
        log.passed(200)
        #expect(collector.lines == ["1 broken 0 100..130"])
        #expect(log.tallies[0].isBroken)
    }

    @Test func `a rule that is unknown for too long is a blind spot, whenever time is said to have passed`() {
        func lines(_ steps: [Int64]) -> [String] {
            let collector = Collector()
            let rules = [Self.rule("a", Self.never("A", for: 20)), Self.rule("b", .not(.atom("B")))]
            let log = FindingLog(rules, patience: Nanoseconds(100), into: collector)
            var watch = Watch(rules.map(\.formula), start: 0, sink: log)
            var step = 0
            for (atom, truth, time) in [(0, Truth.true, 105), (1, .false, 300), (1, .unknown, 310), (1, .false, 500)] {
                while step < steps.count, steps[step] < time {
                    watch.close(upTo: steps[step])
                    log.passed(steps[step])
                    step += 1
                }
                watch.set(atom, truth, at: Int64(time))
            }
            watch.close(upTo: 500)
            log.passed(500)
            return collector.lines
        }
        let wanted = [
            "survey 100 [0, 1]", "1 blind 1 0..100", "2 blind 0 0..120", "2 over 125", "3 broken 0 105..125",
            "1 over 300",
            "4 blind 1 310..410", "4 over 500",
        ]
        #expect(lines([]) == wanted)
        #expect(lines([50, 100, 101, 119, 120, 124, 200, 410, 499]) == wanted)
    }

    @Test func `what the watch has not seen is said once`() {
        let collector = Collector()
        let log = FindingLog([Self.rule("r", .atom("A"))], patience: Nanoseconds(100), into: collector)
        log.passed(99)
        #expect(collector.lines == [])
        log.passed(1000)
        log.passed(2000)
        #expect(collector.lines == ["survey 100 [0]", "1 blind 0 0..100"])
        #expect(!log.tallies[0].wasKnown)
        #expect(log.tallies[0].isBlind)
    }
}
