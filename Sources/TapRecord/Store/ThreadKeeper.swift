import Synchronization
import TapCore

/// Commits on a thread of its own, so that encoding goes on while the medium stalls.
///
/// After an error it tries again every second, with all that waits, for as long as the session lasts.
final class ThreadKeeper: ChunkKeeper {
    /// What may wait, in bytes: 500 ms of 20 MB/s of scans and of as much of edges.
    static let mostPending = 20 << 20

    private struct Queue {
        var drafts: [ChunkDraft] = []
        var byteCount = 0
        var isFinishing = false
        var failure: StoreProblem?
    }

    private let shared: Shared
    private var thread: SystemThread?
    private let store: String

    private final class Shared: Sendable {
        let queue = Mutex(Queue())
        let wake = WakePipe()
        let room = WakePipe()
        let isPaused = Atomic(false)
        let onProblem: @Sendable (StoreProblem?) -> Void
        let onPause: @Sendable (Bool) -> Void

        init(
            _ onProblem: @escaping @Sendable (StoreProblem?) -> Void, _ onPause: @escaping @Sendable (Bool) -> Void
        ) {
            self.onProblem = onProblem
            self.onPause = onPause
        }
    }

    /// - Parameters:
    ///   - onProblem: called with each new problem, and with nil when recording goes on again; on the thread.
    ///   - onPause: called with whether it is, each time that this changes; on the thread.
    init(
        _ writer: StoreWriter, store: String, onPause: @escaping @Sendable (Bool) -> Void,
        onProblem: @escaping @Sendable (StoreProblem?) -> Void
    ) throws(TapError) {
        self.store = store
        let shared = Shared(onProblem, onPause)
        self.shared = shared
        let work = Work(writer, shared)
        do throws(Errno) { thread = try SystemThread("tap-store") { work.run() } } catch {
            throw TapError(
                .output, store, "no thread could be made: \(error.words)",
                remedy: "raise the limit of threads ('ulimit -u')")
        }
    }

    var isPaused: Bool { shared.isPaused.load(ordering: .relaxed) }

    func take(_ draft: ChunkDraft) {
        shared.queue.withLock {
            $0.byteCount += draft.byteCount
            $0.drafts.append(draft)
        }
    }

    func batchEnded() throws(TapError) {
        shared.wake.wake()
        // What does not fit stays in the rings, which report what they lose.
        while shared.queue.withLock({ $0.byteCount > ThreadKeeper.mostPending && !$0.isFinishing }) {
            shared.room.wait(.seconds(1))
        }
    }

    func finish() throws(TapError) {
        shared.queue.withLock { $0.isFinishing = true }
        shared.wake.wake()
        thread?.join()
        if let failure = shared.queue.withLock({ $0.failure }) { throw failure.error(in: store, writing: true) }
    }

    /// What the thread does. The writer is used by it alone.
    private final class Work: @unchecked Sendable {
        private let writer: StoreWriter
        private let shared: Shared
        private var pending: [ChunkDraft] = []
        private var problem: StoreProblem?
        /// Tries after which a session that ends gives up.
        private var triesLeft = 5

        init(_ writer: StoreWriter, _ shared: Shared) {
            self.writer = writer
            self.shared = shared
        }

        func run() {
            while true {
                // Asked for before the chunks: the last ones are among them.
                let isFinishing = shared.queue.withLock { $0.isFinishing }
                pending += shared.queue.withLock { queue in
                    defer { queue.drafts.removeAll() }
                    return queue.drafts
                }
                do throws(StoreProblem) {
                    try writer.work(&pending)
                    let isPaused = writer.isPaused
                    if shared.isPaused.exchange(isPaused, ordering: .relaxed) != isPaused { shared.onPause(isPaused) }
                    settle(nil)
                    if isFinishing {
                        try writer.stop(why: "ended")
                        return
                    }
                    shared.wake.wait(writer.options.checkpointEvery)
                } catch {
                    settle(error)
                    triesLeft -= isFinishing ? 1 : 0
                    guard triesLeft > 0 else {
                        shared.queue.withLock { $0.failure = error }
                        return
                    }
                    shared.wake.wait(.seconds(1))
                }
            }
        }

        private func settle(_ new: StoreProblem?) {
            let left = pending.reduce(0) { $0 + $1.byteCount }
            shared.queue.withLock { queue in
                queue.byteCount = left + queue.drafts.reduce(0) { $0 + $1.byteCount }
            }
            shared.room.wake()
            guard new != problem else { return }
            problem = new
            shared.onProblem(new)
        }
    }
}
