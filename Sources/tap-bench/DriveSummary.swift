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
            histogram.quantile(share).map { Words.span(Nanoseconds(Int64(clamping: $0))) } ?? "-"
        }
        return "median \(span(0.5)), 99.9% \(span(0.999)), longest \(span(1))"
    }
}

/// The file of --log: docs/formats/drive-log.md.
enum DriveLogFile {
    /// Changes that a log holds, some 45 MB of memory.
    static let most = 1_000_000

    static func text(
        _ log: DriveLog, _ origin: Timestamp, _ board: Board, _ scenario: Scenario, _ play: Play,
        _ options: DriveStage.Options
    ) -> String {
        let lines = zip(play.names, play.wires).map { name, wire in
            JSON.object([
                ("plays", JSON.string(name)), ("line", JSON.string(wire.name)),
                ("output", wire.output.map { JSON.string($0.name) }),
            ])
        }
        var text =
            JSON.object([
                ("format", "1"), ("kind", JSON.string("drive")), ("scenario", JSON.string(scenario.name)),
                ("seed", "\(scenario.seed)"), ("board", JSON.string(board.name)),
                ("provenance", JSON.string(board.provenance.rawValue)), ("origin_ns", "\(origin.nanoseconds)"),
                ("speed", "\(options.speed)"), ("lines", JSON.array(lines)), ("changes", "\(log.changes)"),
            ]) + "\n"
        for record in log.records {
            text +=
                JSON.object([
                    ("due_ns", "\(record.due.nanoseconds)"), ("line", JSON.string(play.wires[record.line].name)),
                    ("level", record.isHigh ? "1" : "0"), ("before_ns", "\(record.before.nanoseconds)"),
                    ("after_ns", "\(record.after.nanoseconds)"),
                ]) + "\n"
        }
        return text
    }
}
