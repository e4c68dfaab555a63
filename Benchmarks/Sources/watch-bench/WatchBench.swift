import Glibc
import TapCore
import TapWatch

/// How many edges a second of processor time a watch takes where each meets ten rules.
///
/// One line toggles at a steady rate; each of ten rules of usual kinds (command without feedback, feedback without command,
/// guarded, ahead of time, two windows) names it. A JSON object a line.
@main
struct WatchBench {
    private final class Counter: VerdictSink {
        var count = 0
        func verdict(rule: Int, from time: Int64, _ truth: Truth) { count += 1 }
    }

    private static func window(_ length_ms: Int64) -> FormulaWindow { FormulaWindow(upTo: .milliseconds(length_ms)) }

    private static func rule(_ number: Int64) -> Formula {
        let (command, feedback, ready) = (Formula.atom("command"), Formula.atom("feedback"), Formula.atom("ready"))
        let unanswered = Formula.and(
            .historically(window(150 + number), command), .historically(window(150 + number), .not(feedback)))
        return switch number % 5 {
        case 0: unanswered
        case 1: .historically(window(200 + number), .and(command, .not(ready)))
        case 2: .and(.historically(window(2000 + number), ready), unanswered)
        case 3: .implies(command, .eventually(window(100 + number), feedback))
        default: .and(.historically(window(500 + number), .or(command, ready)), .once(window(1000 + number), feedback))
        }
    }

    static func main() {
        let edges = 2_000_000
        for step: Int64 in [1_000_000, 100_000] {
            let counter = Counter()
            var watch = Watch((0..<10).map { rule($0) }, start: 0, sink: counter)
            for atom in watch.atoms.indices { watch.set(atom, .true, at: 0) }
            let began = clock()
            for number in 1...edges {
                let time = Int64(number) * step
                watch.set(0, Truth(number % 2 == 0), at: time)
                if number % 1000 == 0 { watch.close(upTo: time) }
            }
            let took_s = Double(clock() - began) / Double(CLOCKS_PER_SEC)
            print(
                "{\"rules\": 10, \"from_edge_to_edge_ns\": \(step), \"edges_per_s\": \(Int(Double(edges) / took_s)), "
                    + "\"verdicts\": \(counter.count), \"lost\": \(watch.lost)}")
        }
    }
}
