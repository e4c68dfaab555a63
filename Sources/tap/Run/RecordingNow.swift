import Synchronization
import TapCore
import TapDriver
import TapFormats
import TapRecord

/// What becomes of a recording while it goes on, for a window. Safe from any thread.
final class RecordingNow: Sendable {
    private let store: RecordStore
    private let state = Mutex(State())

    private struct State {
        var isPaused = false
        var problem: TapError?
        var session: UInt64?
    }

    init(_ store: RecordStore) { self.store = store }

    func note(_ problem: TapError?) { state.withLock { $0.problem = problem } }
    func note(isPaused: Bool) { state.withLock { $0.isPaused = isPaused } }

    func note(session: UInt64) { state.withLock { $0.session = session } }

    /// Its number in the store; nil: it has not begun.
    var session: UInt64? { state.withLock { $0.session } }

    enum Condition: String, CaseIterable { case recording, paused, failing }

    struct Reading {
        var condition: Condition
        var problem: String?
        /// Entries that the newest checkpoint covers, and its age; nil: it cannot be read.
        var checkpoint: (entries: UInt64, age: Nanoseconds)?
    }

    /// Blocks as long as reading a small file takes.
    var reading: Reading {
        let (isPaused, problem) = state.withLock { ($0.isPaused, $0.problem) }
        let now = Int64(clamping: ClockFixSource.Readings.system.utc_ns())
        return Reading(
            condition: problem != nil ? .failing : isPaused ? .paused : .recording, problem: problem.map { "\($0)" },
            checkpoint: store.newestCheckpoint().map {
                ($0.entries, Nanoseconds(max(0, now - Int64(clamping: $0.utc))))
            })
    }

    /// A JSON object.
    func text(_ reading: Reading) -> String {
        JSON.object([
            ("store", JSON.string(printable(store.path))),
            ("session", session.map { JSON.string("\($0)") } ?? "null"),
            ("state", JSON.string(reading.condition.rawValue)),
            ("problem", reading.problem.map { JSON.string($0) } ?? "null"),
            ("covered_entries", reading.checkpoint.map { JSON.string("\($0.entries)") } ?? "null"),
            ("checkpoint_age_ms", reading.checkpoint.map { "\($0.age.count / 1_000_000)" } ?? "null"),
        ])
    }
}
