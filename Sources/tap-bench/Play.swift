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

    /// - Parameter lines: `NAME` or `NAME=BENCH-LINE` each; empty: all, each on the bench line of its name.
    init(_ board: Board, lines: [String], on bench: Bench) throws(TapError) {
        guard let simulated = board.simulated else {
            throw TapError(
                .configuration, "board '\(board.name)'", "simulates no wires: there is nothing to play",
                remedy: "name a board file with 'simulated:', as boards/simulator.yaml; the bench goes to --board")
        }
        let pairs: [(name: String, target: String)] =
            lines.isEmpty
            ? simulated.lines.map { ($0.name, $0.name) }
            : lines.map { Play.split($0, simulated.lines.map(\.name)) }
        guard case .simulated(let picked) = try board.selectLines(named: pairs.map(\.name)) else {
            preconditionFailure("a simulated board has simulated lines")
        }
        guard !picked.isEmpty else {
            throw TapError(
                .notFound, "board '\(board.name)'", "simulates no lines", remedy: "only digital lines can be played")
        }
        names = picked.map(\.name)
        wires = try bench.select(pairs.map(\.target))
        let transitions = WireTransitions(picked)
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
