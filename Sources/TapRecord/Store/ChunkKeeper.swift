import TapCore

/// What a recorder gives its chunks to. Called on the recorder's thread.
protocol ChunkKeeper: AnyObject {
    /// An operator had recording paused.
    var isPaused: Bool { get }
    func take(_ draft: ChunkDraft)
    /// The recorder has nothing more at this moment; may block while too much waits.
    func batchEnded() throws(TapError)
    /// Nothing follows: returns once all is on the medium.
    func finish() throws(TapError)
}
