import TapCommand
import TapCore
import TapFormats
import TapRecord
import TapView

/// What the window of a store says of the record, and what it does not say before all of it has been watched.
enum RecordState {
    /// Times are those at the record's end.
    static func complete(
        _ model: inout WindowModel, _ record: RecordTimeline, _ failure: TapError?, _ time: SessionTimeText
    ) {
        let end = record.index.length
        if let failure {
            model.withhold("the record was watched up to \(time.people(model.decided)) only: \(failure)")
        } else if !model.isEnded {
            let part = end > .zero ? min(99, 100 * model.now.count / end.count) : 0
            model.withhold("the record is being watched anew: \(part) %, up to \(time.people(model.decided))")
        }
        model.now = end
        model.witness.memoryFrom = .zero
    }

    private static let mostNames = 8

    /// That the site file is of something else than what was recorded, or of more; nil: it names nothing that is not there.
    static func mismatch(_ record: RecordTimeline) -> String? {
        let (missing, all) = (record.layout.missing, record.layout.lanes.count)
        guard !missing.isEmpty else { return nil }
        let rest = missing.count - mostNames
        let names = missing.prefix(mostNames).map { printable($0) }.joined(separator: ", ")
        return "of \(all) signals and tags of the site file, \(missing.count) "
            + "\(missing.count == 1 ? "is" : "are") not in this record: \(names)\(rest > 0 ? " and \(rest) more" : "")"
            + (2 * missing.count > all ? "; is it the site file of another plant?" : "")
    }

    /// A JSON object.
    static func text(
        _ record: RecordTimeline, _ model: WindowModel, _ time: SessionTimeText, _ failure: TapError?
    ) -> String {
        let (index, progress) = (record.index, record.progress)
        let summaries = JSON.object([
            ("reach_ns", JSON.string("\(progress.reached)")),
            ("reach_utc", JSON.string(time.people(Nanoseconds(progress.reached)))),
            ("done", "\(progress.isDone)"), ("share", JSON.number(progress.share)),
            ("kept", progress.path.map { JSON.string(printable($0)) } ?? "null"), ("evidence", "false"),
            ("failure", progress.failure.map { JSON.string("\($0)") } ?? "null"),
        ])
        return JSON.object([
            ("store", JSON.string(printable(index.path))), ("origin", JSON.string(index.origin)),
            ("provenance", JSON.string(index.provenance)), ("from_utc", JSON.string(time.people(.zero))),
            ("to_utc", JSON.string(time.people(index.length))), ("to_ns", JSON.string("\(index.length.count)")),
            ("sessions", "\(index.sessionCount)"), ("entries", JSON.string("\(index.entries)")),
            ("root", JSON.string(index.root)), ("dropped_segments", JSON.string("\(index.droppedSegments)")),
            ("watched", "\(model.isEnded && failure == nil)"),
            ("failure", failure.map { JSON.string("\($0)") } ?? "null"),
            ("remarks", JSON.array(((mismatch(record).map { [$0] } ?? []) + progress.remarks).map { JSON.string($0) })),
            ("summaries", summaries),
        ])
    }
}
