import TapBench
import TapConfig
import TapCore
import TapFormats

/// The summary of a drive, printed when it ends.
enum DriveSummary {
    static func lines(_ log: DriveLog, _ play: Play, _ board: Board) -> [String] {
        let targets = zip(play.names, play.wires).map { name, wire in
            let by = wire.output.map { " by \($0.name)" } ?? ""
            return (name == wire.name ? name : "\(name) on \(wire.name)") + by
        }
        var text = [
            "drove \(counted(log.changes, "change")) of \(board.provenance.rawValue) lines: \(targets.joined(separator: ", "))"
        ]
        if log.changes > 0 {
            text.append("  start of changes late by: \(spans(log.lateness)); duration of a write: \(spans(log.writes))")
        }
        if log.unrecorded > 0, log.capacity > 0 {
            text.append("  the log has only the first \(log.capacity) of them")
        }
        return text
    }

    static func spans(_ histogram: Histogram) -> String {
        func span(_ share: Double) -> String {
            histogram.quantile(share).map { Words.span($0) } ?? "-"
        }
        return "median \(span(0.5)), 99.9% \(span(0.999)), longest \(span(1))"
    }
}
