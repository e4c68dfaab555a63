import Glibc
public import TapCore

/// What a source did that it must not do, or left undone.
public struct Violation: Error, Sendable, CustomStringConvertible {
    public var description: String
    public init(_ description: String) { self.description = description }
}

/// One fact that holds for every source that has the capabilities.
public struct ConformanceCase: Sendable {
    public var name: String
    public var needs: SourceInfo.Capabilities
    /// Is about the kernel under the source.
    public var isOfKernel = false
    public var check: @Sendable (Bench) throws -> Void
}

/// The cases that every `TapSource` must pass.
public enum Conformance {
    public struct Outcome: Sendable, Hashable {
        public enum Verdict: String, Sendable, Hashable {
            case passed
            case failed
            /// The source does not have the capability.
            case none = "no case"
        }
        public var verdict: Verdict
        public var name: String
        public var bench: String
        /// Why it failed, or does not apply.
        public var reason: String

        public var description: String {
            let left = verdict.rawValue.padded(to: 9) + name.padded(to: 74) + bench
            return reason.isEmpty ? left : "\(left): \(reason)"
        }
    }

    /// Order, accounting, end and stop are for every source with lines, and likewise for one that scans or claims; the others where it has the capability.
    public static let cases: [ConformanceCase] =
        firstLevels + order + accounting + endings + storms + returns
        + kernelQueues + kernelInterrupts + kernelRequests + kernelFaults + threads + scans + claims

    /// Runs every case that the bench's capabilities imply, and prints a line for each.
    ///
    /// - Returns: the outcomes of all cases, in order.
    public static func run(on bench: Bench) -> [Outcome] {
        let outcomes = cases.map { outcome(of: $0, on: bench) }
        for outcome in outcomes { print(outcome.description) }
        return outcomes
    }

    private static func outcome(of item: ConformanceCase, on bench: Bench) -> Outcome {
        guard bench.capabilities.isSuperset(of: item.needs), bench.kernel != nil || !item.isOfKernel else {
            return Outcome(verdict: .none, name: item.name, bench: bench.name, reason: "")
        }
        do {
            try item.check(bench)
            return Outcome(verdict: .passed, name: item.name, bench: bench.name, reason: "")
        } catch {
            return Outcome(verdict: .failed, name: item.name, bench: bench.name, reason: "\(error)")
        }
    }

    static func require(_ isTrue: Bool, _ what: @autoclosure () -> String) throws {
        guard isTrue else { throw Violation(what()) }
    }

    /// Three lines that change at different times and at the same, one of which starts high; none where there are scans or claims.
    static func commonPlan(_ bench: Bench) -> Plan {
        let unit = bench.spacing
        if bench.scans != nil || bench.claims != nil { return Plan([], length: unit * 80) }
        return Plan(
            [
                Plan.Line(pulses: 6, first: unit * 10, width: unit * 3, spacing: unit * 8),
                Plan.Line(startsHigh: true, pulses: 4, first: unit * 11, width: unit * 2, spacing: unit * 12),
                Plan.Line(pulses: 3, first: unit * 13, width: unit * 5, spacing: unit * 17),
            ], length: unit * 80)
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
