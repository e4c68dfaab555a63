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
    ///   - length: of what is played; nil: without end.
    init(
        _ scenario: Scenario, lines: [String], on bench: Bench, length: Nanoseconds?
    ) throws(TapError) {
        guard !scenario.lines.isEmpty else {
            throw TapError(
                .notFound, "scenario '\(scenario.name)'", "has no lines",
                remedy: "add one under 'lines': only digital lines can be played")
        }
        let all = scenario.lines.map(\.name)
        let pairs = lines.isEmpty ? all.map { (name: $0, target: $0) } : lines.map { Play.split($0, all) }
        let picked = try scenario.selecting(lines: pairs.map(\.name), channels: [])
        names = picked.lines.map(\.name)
        wires = try bench.select(pairs.map(\.target))
        let transitions = WireTransitions(picked, until: length ?? Nanoseconds(.max))
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
