public import TapCore
public import TapDriver
import TapFormats
import TapSim

/// Measures what a machine's lines resolve by driving them and listening at once, one line after the other.
///
/// To be run once. Blocks for as long as it takes: some 30 s a line in real time. Not thread-safe.
public final class LoopTest {
    private let rig: any LoopRig
    private let clock: any TapClock
    private let counts: Counts
    private var result: LoopResult

    public struct Counts: Sendable, Hashable {
        /// Changes of the check of single edges; even.
        public var edges = 200
        /// Pulses of each width; three times as many where it becomes close.
        public var pulses = 100

        public init() {}
    }

    /// Widths tried, longest first, and rates, lowest first, until one is too much; then between the two.
    static let widths_ns: [Int64] = [
        10_000_000, 5_000_000, 2_000_000, 1_000_000, 500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000,
        1_000, 0,
    ]
    static let rates_hz: [UInt64] = [
        100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000,
    ]
    private static let bisections = 4

    /// - Parameter names: of the rig's lines.
    public init(
        _ rig: any LoopRig, names: [String], counts: Counts = Counts(), clock: any TapClock = SystemClock()
    ) {
        self.rig = rig
        self.counts = counts
        self.clock = clock
        result = LoopResult(names)
    }

    /// - Parameter progress: called with a line for a person when each line begins.
    /// - Returns: nil if it was stopped.
    public func run(progress: (String) -> Void = { _ in }) throws(TapError) -> LoopResult? {
        for line in 0..<rig.lineCount {
            progress("\(result.lines[line].name): edges, pulses, rates")
            guard try check(line, checkEdges), try check(line, searchPulse), try check(line, searchRate) else {
                return nil
            }
        }
        for index in result.lines.indices {
            let crosstalk = result.lines[index].crosstalk
            let others = result.lines.count - 1
            result.lines[index].checks.append(
                LoopResult.Check(
                    "crosstalk", others == 0 ? .skipped : crosstalk == 0 ? .passed : .failed,
                    others == 0
                        ? "there is no other line"
                        : "\(counted(crosstalk, "edge")) while only other lines were driven",
                    took: .zero))
        }
        return result
    }

    /// - Returns: false if it was stopped.
    private func check(
        _ line: Int, _ body: (Int) throws(TapError) -> LoopResult.Check?
    ) throws(TapError) -> Bool {
        let begun = clock.now()
        guard var check = try body(line) else { return false }
        check.took = clock.now() - begun
        result.lines[line].checks.append(check)
        return true
    }

    private func run(_ plan: LoopPlan, _ line: Int) throws(TapError) -> LoopTrial? {
        guard let trial = try rig.run(plan.changes) else { return nil }
        result.changes += UInt64(trial.drives.count)
        for other in trial.edges.indices where other != line {
            result.lines[other].crosstalk += UInt64(trial.edges[other].count)
        }
        return trial
    }
}

extension LoopTest {
    private func checkEdges(_ line: Int) throws(TapError) -> LoopResult.Check? {
        guard let trial = try run(.edges(line, count: counts.edges), line) else { return nil }
        var (latency, error) = (result.latency, result.stampError)
        let match = EdgeMatch.apart(trial.drives, trial.edges[line]) { drive, edge in
            latency.add(UInt64(max(0, (edge.time - drive.before).count)))
            error.add(UInt64(max(0, (edge.time - drive.after).count)))
        }
        result.latency = latency
        result.stampError = error
        result.ringDelays.add(trial.ringDelays)
        result.writes.add(trial.writes)
        return LoopResult.Check(
            "edges", match.isComplete && trial.gaps.isEmpty ? .passed : .failed,
            match.words(of: trial.drives.count), took: .zero)
    }

    private func searchPulse(_ line: Int) throws(TapError) -> LoopResult.Check? {
        guard isAlive(line) else { return LoopTest.skipped("shortest pulse") }
        var best: (width: Int64, median: Nanoseconds, count: Int)?
        var lost: Nanoseconds?
        var failing: Int64?
        // nil: stopped. Otherwise whether all were seen and the driver can still make shorter ones.
        func step(_ width: Int64, _ count: Int) throws(TapError) -> Bool? {
            guard let trial = try run(.pulses(line, width: Nanoseconds(width), count: count), line)
            else { return nil }
            let pulses = PulseSeen.all(trial.drives, trial.edges[line])
            lost = pulses.filter { !$0.isSeen }.map(\.most).reduce(lost) { max($0 ?? .zero, $1) }
            guard pulses.allSatisfy(\.isSeen) else {
                failing = width
                return false
            }
            let median = pulses.map(\.most).sorted()[pulses.count / 2]
            let isShorter = best.map { median < $0.median } ?? true
            if isShorter { best = (width, median, count) }
            return isShorter
        }
        for width in LoopTest.widths_ns {
            guard let isFit = try step(width, counts.pulses) else { return nil }
            guard isFit else { break }
        }
        for _ in 0..<LoopTest.bisections {
            guard let good = best, let bad = failing, good.width > bad + 1 else { break }
            guard try step(LoopTest.between(bad, good.width), 3 * counts.pulses) != nil else { return nil }
        }
        guard let best else {
            return LoopResult.Check(
                "shortest pulse", .failed,
                "not all pulses of \(Words.span(Nanoseconds(LoopTest.widths_ns[0]))) were detected",
                took: .zero)
        }
        // As long as the longest that was missed: late writes make some longer than was asked.
        let shortest = max(best.median, lost ?? .zero)
        result.lines[line].shortestPulse = shortest
        result.lines[line].pulses = UInt64(best.count)
        result.lines[line].longestLost = lost
        return LoopResult.Check(
            "shortest pulse", .passed,
            "\(Words.span(shortest)): \(best.count) of \(best.count) were detected; "
                + (lost.map { "the longest missed pulse was \(Words.span($0))" }
                    ?? "none was missed; this driver cannot make shorter ones"),
            took: .zero)
    }

    private func searchRate(_ line: Int) throws(TapError) -> LoopResult.Check? {
        guard isAlive(line) else { return LoopTest.skipped("lossless rate") }
        var best: (asked: UInt64, reached: UInt64)?
        var failing: UInt64?
        var isSlow = false
        func step(_ rate: UInt64) throws(TapError) -> Bool? {
            guard let trial = try run(.rate(line, hz: rate), line) else { return nil }
            guard let first = trial.drives.first, let last = trial.drives.last, last.before > first.before else {
                return nil
            }
            let span = Double((last.before - first.before).count)
            let reached = UInt64((Double(trial.drives.count - 1) * 1e9 / span).rounded())
            // What was driven slower than asked says nothing of the rate that was asked.
            isSlow = Double(reached) < 0.95 * Double(rate)
            guard EdgeMatch.isInOrder(trial.drives, trial.edges[line]), trial.gaps.isEmpty else {
                failing = rate
                return false
            }
            if best.map({ reached > $0.reached }) ?? true { best = (rate, reached) }
            return !isSlow
        }
        for rate in LoopTest.rates_hz {
            guard let isFit = try step(rate) else { return nil }
            guard isFit else { break }
        }
        for _ in 0..<LoopTest.bisections {
            guard let good = best, let bad = failing, bad > good.asked + 1 else { break }
            guard try step(UInt64(LoopTest.between(Int64(good.asked), Int64(bad)))) != nil else { return nil }
        }
        guard let best else {
            return LoopResult.Check(
                "lossless rate", .failed, "edges were lost already at \(LoopTest.rates_hz[0]) per second", took: .zero)
        }
        result.lines[line].losslessRate_hz = best.reached
        return LoopResult.Check(
            "lossless rate", .passed,
            "\(best.reached) changes a second, "
                + (failing.map { "not \($0)" } ?? "the highest that this driver can make"), took: .zero)
    }

    /// Whether the wire carries anything: without, a search is in vain.
    private func isAlive(_ line: Int) -> Bool { result.lines[line].checks.first?.verdict == .passed }

    private static func skipped(_ name: String) -> LoopResult.Check {
        LoopResult.Check(name, .skipped, "single edges were not detected as driven", took: .zero)
    }

    /// The geometric mean, which halves the ratio.
    private static func between(_ low: Int64, _ high: Int64) -> Int64 {
        low == 0 ? high / 2 : Int64((Double(low) * Double(high)).squareRoot())
    }
}

extension EdgeMatch {
    /// For a person.
    func words(of driven: Int) -> String {
        if isComplete { return "\(matched) of \(driven) detected, each with its direction" }
        if matched == 0, inverted == 0 { return "none of \(driven) detected: is the wire connected?" }
        if matched == 0, inverted == driven {
            return
                "all \(driven) detected with the opposite direction: the wire inverts ('active-low: true' at one end)"
        }
        let parts = [
            (missing, "missing"), (extra, "too many"), (inverted, "with the opposite direction"),
            (early, "stamped before they were driven"),
        ]
        let faults = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        return "\(matched) of \(driven) detected; \(faults.isEmpty ? "a loss was reported" : faults)"
    }
}
