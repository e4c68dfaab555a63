import CRig
import Glibc

/// What was measured, as a table for people and as JSON.
struct Report {
    var comparisons: [Comparison]
    var cost: RigCost
    var pairs: Int
    var placement: Placement
    var isSmall: Bool

    var isRight: Bool { comparisons.allSatisfy(\.isRight) }

    var text: String {
        if isSmall {
            return isRight
                ? "ring-bench: every element came through as it was sent, in \(comparisons.count) comparisons"
                : "ring-bench: WRONG DATA:"
                    + comparisons.filter { !$0.isRight }.map { " \($0.which.rawValue) or \($0.contender.rawValue)" }
                    .joined(separator: ",")
        }
        var lines = [
            "tap's ring beside others: 16-byte elements, \(RIG_CAPACITY) cells, two threads, \(pairs) pairs of runs",
            "threads: \(place); both ends of every queue wait with the processor's pause and nothing else",
            "boost::lockfree::spsc_queue \(unsafe String(cString: rig_boost_version())); "
                + "times are medians; speed is the median of the pairs' ratios, tap's over the other's",
            "",
            row("case", "against", "tap ns", "other ns", "speed", "goal", ""),
        ]
        for comparison in comparisons {
            lines.append(
                row(
                    comparison.which.rawValue, comparison.contender.rawValue, decimal(median(comparison.tap)),
                    decimal(median(comparison.other)), decimal(comparison.speed),
                    comparison.goal.map { decimal($0) } ?? "", verdict(comparison)))
        }
        lines += [
            "",
            "the rig itself, contained in every time: to make and check an element \(decimal(cost.swift)) ns in Swift, "
                + "\(decimal(cost.cpp)) ns in C++ (batches of 64); a run of nothing \(decimal(cost.emptyRun / 1000)) µs",
            "boost writes and reads no batch in place: there its copied batches stand beside ours in place",
        ]
        return lines.joined(separator: "\n")
    }

    var json: String {
        let rows = comparisons.map { comparison in
            "    {\"case\": \"\(comparison.which.rawValue)\", \"against\": \"\(comparison.contender.rawValue)\", "
                + "\"tap_ns\": [\(list(comparison.tap))], \"other_ns\": [\(list(comparison.other))], "
                + "\"speed\": \(decimal(comparison.speed, digits: 4)), "
                + "\"goal\": \(comparison.goal.map { decimal($0) } ?? "null"), "
                + "\"met\": \(comparison.isMet.map { "\($0)" } ?? "null"), \"right\": \(comparison.isRight)}"
        }
        return """
            {
              "capacity_cells": \(RIG_CAPACITY), "pairs": \(pairs), "small": \(isSmall),
              "placement": "\(place)", "boost": "\(unsafe String(cString: rig_boost_version()))",
              "rig": {"swift_ns": \(decimal(cost.swift, digits: 4)), "cpp_ns": \(decimal(cost.cpp, digits: 4)), \
            "empty_run_ns": \(decimal(cost.emptyRun))},
              "comparisons": [
            \(rows.joined(separator: ",\n"))
              ]
            }

            """
    }

    private var place: String {
        let isPlaced = comparisons.allSatisfy(\.isPlaced)
        let cpus = "CPUs \(placement.producerCPU) and \(placement.consumerCPU)"
        return isPlaced
            ? "pinned to \(cpus)" + (placement.isRealtime ? ", SCHED_FIFO" : "")
            : "COULD NOT be placed on \(cpus) as asked"
    }

    private func verdict(_ comparison: Comparison) -> String {
        guard comparison.isRight else { return "WRONG DATA" }
        guard let isMet = comparison.isMet else { return "" }
        return isMet ? "met" : "not met"
    }

    private func row(_ cells: String...) -> String {
        let widths = [12, 23, 9, 9, 8, 7, 0]
        var line = ""
        for (cell, (index, width)) in zip(cells, widths.enumerated()) {
            let space = String(repeating: " ", count: max(0, width - cell.count))
            line += (1...1).contains(index) || index == 0 ? cell + space : index < 6 ? space + cell : "  " + cell
        }
        return line
    }
}

private func list(_ values: [Double]) -> String {
    values.map { decimal($0, digits: 4) }.joined(separator: ", ")
}

/// A number with a fixed number of decimals.
func decimal(_ value: Double, digits: Int = 2) -> String {
    guard value.isFinite else { return "null" }
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((value * Double(scale)).rounded())
    let fraction = String(abs(scaled) % scale)
    return "\(scaled < 0 ? "-" : "")\(abs(scaled) / scale)."
        + String(repeating: "0", count: digits - fraction.count) + fraction
}
