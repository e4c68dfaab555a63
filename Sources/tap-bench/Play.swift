import TapBench
import TapConfig
import TapCore
import TapSim

/// Which simulated lines are played on which lines of a bench.
struct Play {
    /// Names of the simulated lines, and the wires they are played on.
    let names: [String]
    let wires: [Bench.Wire]
    let startsHigh: [Bool]
    private let changes: Changes

    /// - Parameters:
    ///   - lines: `NAME` or `NAME=BENCH-LINE` each; empty: all, each on the bench line of its name.
    ///   - end: nothing later is played.
    init(_ scenario: Scenario, lines: [String], until end: Nanoseconds, on bench: Bench) throws(TapError) {
        let pairs: [(name: String, target: String)] =
            lines.isEmpty
            ? scenario.lines.map { ($0.name, $0.name) }
            : lines.map { Play.split($0, scenario.lines.map(\.name)) }
        let picked = try scenario.selecting(lines: pairs.map(\.name), channels: [])
        guard !picked.lines.isEmpty else {
            throw TapError(
                .notFound, "'\(scenario.name)'", "simulates no lines", remedy: "only digital lines can be played")
        }
        names = picked.lines.map(\.name)
        wires = try bench.select(pairs.map(\.target))
        let transitions = WireTransitions(picked, until: end)
        startsHigh = transitions.startsHigh
        changes = Changes(transitions)
    }

    /// The changes in order: the one place that knows what is played.
    var next: () -> WireTransitions.Change? { { [changes] in changes.transitions.next() } }

    /// Names may hold a `=`: the first one behind a name of the wires counts.
    private static func split(_ word: String, _ names: [String]) -> (name: String, target: String) {
        if names.contains(word) { return (word, word) }
        for index in word.indices where word[index] == "=" && names.contains(String(word[..<index])) {
            return (String(word[..<index]), String(word[word.index(after: index)...]))
        }
        let name = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(name[0]), String(name[name.count - 1]))
    }

    private final class Changes {
        var transitions: WireTransitions
        init(_ transitions: WireTransitions) { self.transitions = transitions }
    }
}
