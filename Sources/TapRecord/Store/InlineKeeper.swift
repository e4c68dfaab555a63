import TapCore

/// Commits on the recorder's own thread: where time is virtual and waits.
final class InlineKeeper: ChunkKeeper {
    private let writer: StoreWriter
    private let store: String
    private var drafts: [ChunkDraft] = []
    private var byteCount = 0
    private let mostPending: Int

    /// - Parameter mostPending: bytes after which it commits; 0: after each batch.
    init(_ writer: StoreWriter, store: String, mostPending: Int) {
        self.writer = writer
        self.store = store
        self.mostPending = mostPending
    }

    var isPaused: Bool { writer.isPaused }

    func take(_ draft: ChunkDraft) {
        byteCount += draft.byteCount
        drafts.append(draft)
    }

    func batchEnded() throws(TapError) { if byteCount > mostPending { try commit() } }

    private func commit() throws(TapError) {
        byteCount = 0
        do throws(StoreProblem) {
            try writer.work(&drafts)
        } catch { throw error.error(in: store, writing: true) }
    }

    func finish() throws(TapError) {
        try commit()
        do throws(StoreProblem) { try writer.stop(why: "ended") } catch {
            throw error.error(in: store, writing: true)
        }
    }
}
