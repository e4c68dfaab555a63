import TapCore
import TapFormats

/// What a capture was, told when it ends.
enum Summary {
    static func lines(
        _ header: SessionHeader, _ statistics: CaptureStatistics, lasted: Nanoseconds, _ stages: [any Capturing]
    )
        -> [String]
    {
        var text: [String] = []
        let scans = statistics.scans.reduce(0, +)
        var what: [String] = []
        if !header.lines.isEmpty { what.append("\(statistics.edges) edges on \(count(header.lines.count, "line"))") }
        if !header.devices.isEmpty { what.append("\(scans) scans of \(count(header.devices.count, "converter"))") }
        text.append(
            "captured \(Words.span(lasted)) of \(header.provenance.rawValue) signals: \(what.joined(separator: ", "))")
        text += table(header, statistics)
        if statistics.losses.isEmpty {
            text.append(
                "losses: none told (that does not prove that nothing was lost: a pulse shorter than an interrupt takes leaves no trace)"
            )
        } else {
            text.append("losses:")
            for loss in statistics.losses {
                let lost = loss.kind == .sourceGone ? "" : ", \(loss.isExact ? "" : "at least ")\(loss.lost) lost"
                text.append(
                    "  \(header.name(of: loss.subject)): \(Words.kind(loss.kind)), told \(count(Int(loss.gaps), "time"))\(lost)"
                )
            }
        }
        if statistics.lateRecords > 0 {
            text.append("\(statistics.lateRecords) records came late and are out of order")
        }
        for stage in stages where stage.edges > 0 && stage.info.provenance != .simulated {
            guard let median = stage.delays.quantile(0.5), let high = stage.delays.quantile(0.999) else { continue }
            text.append(
                "\(stage.info.name): from kernel stamp to ring median \(span(median)), 99.9% \(span(high)), longest \(span(stage.delays.maximum))"
            )
        }
        return text
    }

    private static func table(_ header: SessionHeader, _ statistics: CaptureStatistics) -> [String] {
        guard !header.lines.isEmpty else { return [] }
        var rows = [["line", "edges", "level", "interval min", "median", "max", "shortest pulse"]]
        for (info, line) in zip(header.lines, statistics.lines) {
            let intervals = line.intervals
            func at(_ share: Double) -> String { intervals.quantile(share).map(span) ?? "-" }
            rows.append([
                info.name, "\(line.edges)", line.isHigh.map { $0 ? "high" : "low" } ?? "unknown", at(0), at(0.5), at(1),
                line.shortestPulse.map { Words.span($0) } ?? "-",
            ])
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var text = " "
            for (column, cell) in row.enumerated() {
                let pad = String(repeating: " ", count: widths[column] - cell.count)
                text += " " + (column == 0 ? cell + pad : pad + cell) + " "
            }
            return text
        }
    }

    private static func span(_ nanoseconds: UInt64) -> String {
        Words.span(Nanoseconds(Int64(min(nanoseconds, UInt64(Int64.max)))))
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
