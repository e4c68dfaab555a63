import Glibc
import Synchronization
import TapCommand
import TapConfig
import TapCore
import TapRecord
import TapView

/// The store of a recorder that runs, followed by another process, which only reads. Safe from any thread.
final class RecordFollower: Sendable {
    /// Of the site that is recorded: it names the store.
    private let file: String
    private let folder: String
    private let pipe = WakePipe()
    private let state = Mutex(State())
    /// From one look at the store to the next.
    private static let turn = Nanoseconds.seconds(1)

    private struct State {
        var isStopped = false
        var timeline: RecordTimeline?
        /// As the site file names it.
        var store = ""
        /// Of the site file, when the timeline was begun.
        var text = ""
        var sessions = 0
        var problem: TapError?
    }

    /// A thread that follows the store.
    struct Following {
        let follower: RecordFollower
        fileprivate let thread: SystemThread

        /// Blocks until nothing is read any more.
        func stop() {
            follower.stop()
            thread.join()
        }
    }

    /// - Parameters:
    ///   - site: the file that the recorder runs.
    ///   - folder: for summaries.
    init(site file: String, in folder: String) {
        self.file = file
        self.folder = folder
    }

    /// What there is of a store.
    struct Found: Sendable {
        var store: String
        /// nil: nothing can be said of it.
        var timeline: RecordTimeline?
        var problem: TapError?

        /// From the begin of a session to times of the timeline; nil: it is not that store, or the session is not in it.
        func offset(of session: UInt64?) -> Int64? {
            session.flatMap { session in timeline?.index.begin(of: session)?.count }
        }
    }

    var found: Found {
        state.withLock { Found(store: printable($0.store), timeline: $0.timeline, problem: $0.problem) }
    }

    /// - Throws: it can never be followed: no site, or one without a store.
    func check() throws(TapError) { _ = try load() }

    private func load() throws(TapError) -> (site: Site, store: String, text: String) {
        let text = StoreFile.text(file) ?? ""
        let site = try CommandSite.load(file)
        guard let store = site.record?.store else {
            throw TapError(
                .configuration, file, "has no 'record'", remedy: "give --site the file that 'tap run' runs")
        }
        return (site, store, text)
    }

    /// Follows the store until that is stopped.
    ///
    /// - Throws: where the system makes no more threads.
    func start() throws(TapError) -> Following {
        do throws(Errno) {
            return Following(follower: self, thread: try SystemThread("tap-record") { [self] in run() })
        } catch {
            throw TapError(.unsupported, "a thread", "cannot be made: \(error.words)", remedy: "end other programs")
        }
    }

    private func run() {
        // What watches and records goes first.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
        while !isStopped {
            do throws(TapError) {
                try step()
                state.withLock { $0.problem = nil }
            } catch { state.withLock { $0.problem = error } }
            pipe.wait(RecordFollower.turn)
        }
    }

    private func stop() {
        state.withLock { $0.isStopped = true }
        pipe.wake()
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    private func step() throws(TapError) {
        let timeline = try begun()
        let isSame = try timeline.follow { [self] in !isStopped }
        let sessions = timeline.index.sessionCount
        let text = state.withLock { $0.sessions == sessions ? nil : $0.text }
        state.withLock { $0.sessions = sessions }
        // A session may be one of another site file.
        if !isSame || text.map({ $0 != StoreFile.text(file) }) ?? false { state.withLock { $0.timeline = nil } }
    }

    private func begun() throws(TapError) -> RecordTimeline {
        if let timeline = state.withLock({ $0.timeline }) { return timeline }
        let (site, store, text) = try load()
        let made = try RecordTimeline(site, following: try StoreIndex(store), in: folder)
        state.withLock { ($0.timeline, $0.store, $0.text, $0.sessions) = (made, store, text, made.index.sessionCount) }
        return made
    }
}
