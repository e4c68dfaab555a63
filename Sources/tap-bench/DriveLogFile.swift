import TapBench
import TapConfig
import TapCore
import TapFormats

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
