import Synchronization
import TapCommand
import TapCore
import TapDriver
import TapRecord
import TapWatch

/// Pins what is recorded around each incident, so that no limit of the store drops what a proof of it needs.
///
/// The watch leaves word of each, and a thread has the pins entered, for that waits for the medium and the recorder. Only
/// those of the newest incidents hold: who makes incidents cannot fill a store with what is pinned.
final class IncidentPins: Sendable {
    /// How many hold, and how many may wait.
    static let most = 32
    /// As in a proof of an incident: from a minute before it began to ten after it was known.
    private static let (before, after) = (Nanoseconds.seconds(60), Nanoseconds.seconds(600))
    private static let (author, begin) = ("tap", "incident ")

    private let store: String
    private let log: ServiceLog
    private let state = Mutex(State())

    private struct State {
        var waiting: [StoreRequest] = []
        var thread: SystemThread?
        var isRunning = false
    }

    init(store: String, _ log: ServiceLog) {
        self.store = store
        self.log = log
    }

    /// Does not wait for the medium.
    ///
    /// - Parameter time: when it opened, since the session's start.
    func pin(_ incident: Incident, at time: Nanoseconds) {
        let now = ClockFixSource.Readings.system.utc_ns()
        let age = UInt64(max(0, (time - incident.began + Self.before).count))
        let request = StoreRequest(
            .pin(
                from: now - min(now, age), to: now + UInt64(Self.after.count),
                why: String("\(Self.begin)\(incident.number): \(incident.title)".prefix(1_000))),
            author: Self.author)
        let refusal: String? = state.withLock { state in
            guard state.waiting.count < Self.most else { return "\(state.waiting.count) others wait" }
            state.waiting.append(request)
            guard !state.isRunning else { return nil }
            state.thread?.join()
            do throws(Errno) { state.thread = try SystemThread("tap-pins") { [self] in work() } } catch {
                state.waiting = []
                return "the system makes no more threads: \(error.words)"
            }
            state.isRunning = true
            return nil
        }
        if let refusal { log.say(.problem, .warning, "incident \(incident.number) is not pinned: \(refusal)") }
    }

    /// Blocks until what waits is entered, or refused; a recorder that does not answer is waited for some 5 s.
    func finish() { state.withLock { $0.thread.take() }?.join() }

    private func work() {
        while true {
            let waiting: [StoreRequest]? = state.withLock { state in
                guard !state.waiting.isEmpty else {
                    state.isRunning = false
                    return nil
                }
                defer { state.waiting = [] }
                return state.waiting
            }
            guard let waiting else { return }
            do throws(TapError) { try enter(waiting) } catch {
                log.say(.problem, .warning, "\(error); \(counted(waiting.count, "incident")) may not be pinned")
            }
        }
    }

    private func enter(_ pins: [StoreRequest]) throws(TapError) {
        let store = RecordStore(store)
        guard try store.enter(pins, clock: .system) else {
            // The next that is entered sees to what is too many.
            return log.say(.problem, .notice, "\(counted(pins.count, "pin")) of incidents wait for the recorder")
        }
        let mine = try store.status().pins.filter { $0.author == Self.author && $0.why.hasPrefix(Self.begin) }
        let old = mine.dropLast(Self.most).map {
            StoreRequest(.unpin($0.number, why: "\(Self.most) newer incidents are pinned"), author: Self.author)
        }
        if !old.isEmpty { _ = try store.enter(old, clock: .system) }
    }
}

/// Pins each incident that opens.
final class PinnedIncidents: IncidentSink {
    private let pins: IncidentPins
    private let next: any IncidentSink

    init(_ pins: IncidentPins, then next: any IncidentSink) {
        self.pins = pins
        self.next = next
    }

    func changed(_ incident: Incident, _ change: Incident.Change, at time: Nanoseconds) {
        if change == .opened { pins.pin(incident, at: time) }
        next.changed(incident, change, at: time)
    }
}
