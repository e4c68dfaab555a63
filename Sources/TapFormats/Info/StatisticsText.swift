public import TapCore

/// What was counted of a capture, for people.
public enum StatisticsText {
    /// A table of its lines, with a head; nothing where it has none.
    ///
    /// - Parameter more: columns at its end: their name, and what stands there for each line.
    public static func lines(
        _ header: SessionHeader, _ statistics: CaptureStatistics, more: [(name: String, cells: [String])] = []
    ) -> [String] {
        guard !header.lines.isEmpty else { return [] }
        var rows = [
            ["line", "edges", "pulses", "Hz", "level", "min pulse", "period: min", "median", "max"] + more.map(\.name)
        ]
        for (place, (info, line)) in zip(header.lines, statistics.lines).enumerated() {
            func period(_ share: Double) -> String { line.periods.quantile(share).map { Words.span($0) } ?? "-" }
            rows.append(
                [
                    info.name, "\(line.edges)", "\(line.pulses)", line.frequency_hz.map { Words.digits($0, 4) } ?? "-",
                    line.isHigh.map { $0 ? "high" : "low" } ?? "unknown",
                    line.shortestPulse.map { Words.span($0) } ?? "-", period(0), period(0.5), period(1),
                ] + more.map { $0.cells[place] })
        }
        return textTable(rows, flushRight: Set(1..<rows[0].count))
    }

    /// A sentence for each kind of loss of each line, device and tag.
    public static func losses(_ header: SessionHeader, _ statistics: CaptureStatistics) -> [String] {
        statistics.losses.map { loss in
            let times = loss.gaps == 1 ? "once" : "\(loss.gaps) times"
            return "\(header.name(of: loss.subject)): \(Words.kind(loss.kind)), detected \(times)\(lost(loss))"
        }
    }

    private static func lost(_ loss: CaptureStatistics.Loss) -> String {
        // That it is gone, back or not known says nothing in numbers.
        if [.sourceGone, .sourceBack].contains(loss.kind) || loss.kind == .notRecorded && loss.lost == 0 { return "" }
        switch loss.certainty {
        case .exact: return ", \(loss.lost) lost"
        case .estimated: return ", about \(loss.lost) lost"
        case .atLeast where loss.lost > 0: return ", at least \(loss.lost) lost"
        case .atLeast: return ", how many were lost is unknown"
        }
    }
}
