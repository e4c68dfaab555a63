import Glibc

/// What was measured, as a table for people and as JSON.
struct Report {
    var comparison: Comparison
    var runs: [Child: [Measurement]]
    var edges: UInt64
    var isSmall: Bool

    /// The median of the pairs' ratios.
    var ratio: Double {
        median(zip(runs[comparison.one] ?? [], runs[comparison.other] ?? []).map { $0.total_ns / $1.total_ns })
    }

    var text: String {
        if isSmall {
            let read = comparison.children.map { "\($0.rawValue) \(runs[$0]?.last?.lastEdge ?? 0)" }.joined(
                separator: ", ")
            return "gpio-bench: every edge came through as it was made: \(read)"
        }
        var lines = [
            "capture of \(edges) edges of one line, \(runs[comparison.one]?.count ?? 0) pairs of runs: the capturing "
                + "thread's processor",
            "time for each edge (RUSAGE_THREAD) and its allocations, from its 1,000th edge to the last; medians",
            "",
            row("", "user ns", "system ns", "sum ns", "edges/read", "allocations"),
        ]
        for child in comparison.children {
            let of = runs[child] ?? []
            lines.append(
                row(
                    child.title, decimal(median(of.map(\.user_ns))), decimal(median(of.map(\.system_ns))),
                    decimal(median(of.map(\.total_ns))),
                    decimal(median(of.map { Double($0.lastEdge) / Double(max(1, $0.reads)) })),
                    "\(of.map(\.allocations).max() ?? 0)"))
        }
        lines += [
            "",
            "\(comparison.one.title) over \(comparison.other.title), median of the pairs: \(decimal(ratio)) "
                + "(goal: at most \(decimal(comparison.goal)): \(ratio <= comparison.goal ? "met" : "not met"))",
            "edges lost or altered: none",
        ]
        return lines.joined(separator: "\n")
    }

    func write(to file: String) {
        let rows = comparison.children.flatMap { child in
            (runs[child] ?? []).map {
                "    {\"of\": \"\(child.rawValue)\", \"user_ns\": \(decimal($0.user_ns)), "
                    + "\"system_ns\": \(decimal($0.system_ns)), \"reads\": \($0.reads), "
                    + "\"first_edge\": \($0.firstEdge), \"last_edge\": \($0.lastEdge), "
                    + "\"allocations\": \($0.allocations)}"
            }
        }
        let text = """
            {
              "edges": \(edges), "ratio": \(decimal(ratio)), "goal": \(decimal(comparison.goal)),
              "runs": [
            \(rows.joined(separator: ",\n"))
              ]
            }

            """
        guard let stream = unsafe fopen(file, "w") else { GpioBench.fail("cannot write \(file): errno \(errno)") }
        unsafe fputs(text, stream)
        unsafe fclose(stream)
    }

    private func row(_ cells: String...) -> String {
        let widths = [24, 10, 11, 9, 12, 13]
        return zip(cells, widths).enumerated().reduce(into: "") { line, entry in
            let (index, (cell, width)) = entry
            let space = String(repeating: " ", count: max(0, width - cell.count))
            line += index == 0 ? cell + space : space + cell
        }
    }
}

func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// A number with two decimals.
func decimal(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    let hundredths = Int((value * 100).rounded())
    let fraction = String(hundredths % 100)
    return "\(hundredths / 100)." + String(repeating: "0", count: 2 - fraction.count) + fraction
}
