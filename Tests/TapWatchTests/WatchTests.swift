import TapCore
import TestSupport
import Testing

@testable import TapWatch

@Suite
struct WatchTests {
    private struct Verdict: Hashable {
        var rule: Int
        var time: Int64
        var truth: Truth
    }

    private final class Collector: VerdictSink {
        var verdicts: [Verdict] = []
        func verdict(rule: Int, from time: Int64, _ truth: Truth) {
            verdicts.append(Verdict(rule: rule, time: time, truth: truth))
        }
    }

    private struct Change {
        var atom: Int
        var truth: Truth
        var time: Int64
    }

    private func seconds(_ from: Int64, _ to: Int64) throws -> FormulaWindow {
        try #require(FormulaWindow(.seconds(from), .seconds(to)))
    }

    @Test func `a command without its feedback is found at the first instant at which its time is over`() throws {
        let (command, feedback) = (Formula.atom("P1_CMD"), Formula.atom("P1_FB"))
        let window = FormulaWindow(upTo: .milliseconds(150))
        let rule = Formula.and(.historically(window, command), .historically(window, .not(feedback)))
        let collector = Collector()
        var watch = Watch([rule], start: 0, sink: collector)
        #expect(watch.atoms == ["P1_CMD", "P1_FB"])
        watch.set(0, .false, at: 0)
        watch.set(1, .false, at: 0)
        watch.set(0, .true, at: 1_000_000_000)
        watch.set(1, .true, at: 1_150_000_000)
        watch.set(0, .false, at: 2_000_000_000)
        watch.set(1, .false, at: 2_000_000_000)
        watch.set(0, .true, at: 3_000_000_000)
        watch.close(upTo: 3_149_999_999)
        #expect(collector.verdicts == [Verdict(rule: 0, time: 0, truth: .false)])
        watch.set(1, .true, at: 4_000_000_000)
        watch.close(upTo: 5_000_000_000)
        #expect(
            collector.verdicts.dropFirst() == [
                Verdict(rule: 0, time: 3_150_000_000, truth: .true),
                Verdict(rule: 0, time: 4_000_000_000, truth: .false),
            ])
    }

    @Test func `what is to come decides what was, once the watermark has passed it`() throws {
        let rule = Formula.implies(.atom("a"), .eventually(try seconds(0, 2), .atom("b")))
        let collector = Collector()
        var watch = Watch([rule], start: 0, sink: collector)
        watch.set(0, .false, at: 0)
        watch.set(1, .false, at: 0)
        watch.set(0, .true, at: 10_000_000_000)
        watch.set(0, .false, at: 10_000_000_001)
        watch.close(upTo: 11_999_999_999)
        #expect(collector.verdicts == [Verdict(rule: 0, time: 0, truth: .true)])
        watch.close(upTo: 12_000_000_001)
        #expect(
            collector.verdicts.dropFirst() == [
                Verdict(rule: 0, time: 10_000_000_000, truth: .false),
                Verdict(rule: 0, time: 10_000_000_001, truth: .true),
            ])
    }

    @Test func `what comes after its watermark changes nothing and is counted`() {
        let collector = Collector()
        var watch = Watch([.atom("a")], start: 0, sink: collector)
        watch.set(0, .true, at: 5)
        watch.close(upTo: 10)
        watch.set(0, .false, at: 10)
        watch.close(upTo: 20)
        #expect(watch.late == 1)
        #expect(collector.verdicts == [Verdict(rule: 0, time: 5, truth: .true)])
    }

    @Test func `verdicts depend neither on the order within an instant nor on how often a watermark comes`() {
        var random = RandomFormula(seed: 77)
        random.longest = 40
        let rules = (0..<70).map { _ in random.next(operators: 1 + random.dice.below(5)) }
        let atoms = Watch(rules, start: 0, sink: Collector()).atoms
        let changes = (0..<3000).map { number in
            Change(
                atom: random.dice.below(atoms.count), truth: Truth(bits: [0, 3, 3, 0, 2][random.dice.below(5)]),
                time: Int64(number / 3 * 2))
        }
        var runs: [[Verdict]] = []
        for run in 0..<4 {
            let collector = Collector()
            var watch = Watch(rules, start: 0, sink: collector)
            for instant in stride(from: 0, to: changes.count, by: 3) {
                // Of two changes of one atom within an instant, their order counts: only the first is kept.
                var seen: Set<Int> = []
                var some = changes[instant..<instant + 3].filter { seen.insert($0.atom).inserted }
                if run > 0 { some.shuffle(using: &random.dice) }
                for change in some { watch.set(change.atom, change.truth, at: change.time) }
                if run > 1, random.dice.isTrue(oneIn: 3) { watch.close(upTo: changes[instant].time + 1) }
            }
            watch.close(upTo: 1_000_000)
            #expect(watch.late == 0)
            runs.append(collector.verdicts)
        }
        #expect(runs[0].count > 1000)
        #expect(runs.allSatisfy { $0 == runs[0] })
    }

    @Test func `without room a verdict is unknown and that is counted`() throws {
        let rule = Formula.once(try #require(FormulaWindow(Nanoseconds(100), Nanoseconds(100))), .atom("a"))
        let (some, all) = (Collector(), Collector())
        var (full, wide) = (Watch([rule], start: 0, room: 4, sink: some), Watch([rule], start: 0, sink: all))
        for time in 0..<40 {
            full.set(0, Truth(time % 2 == 0), at: Int64(time))
            wide.set(0, Truth(time % 2 == 0), at: Int64(time))
        }
        full.close(upTo: 1000)
        wide.close(upTo: 1000)
        #expect(full.lost > 0 && wide.lost == 0)
        func truth(_ verdicts: [Verdict], at time: Int64) -> Truth {
            verdicts.last { $0.time <= time }?.truth ?? .unknown
        }
        for time in 0..<Int64(200) {
            let (found, best) = (truth(some.verdicts, at: time), truth(all.verdicts, at: time))
            #expect(found == best || found == .unknown)
        }
        #expect(some.verdicts.contains { $0.truth == .unknown })
    }
}
