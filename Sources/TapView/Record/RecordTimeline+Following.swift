import Synchronization
public import TapConfig
public import TapCore
public import TapRecord

/// The timeline of a store that somebody writes and prunes meanwhile.
extension RecordTimeline {
    /// One that follows the store. Its summaries are in a file that goes with this process.
    ///
    /// - Parameter folder: where that file is made; made if it is missing.
    /// - Throws: nothing can be made there.
    public convenience init(_ site: Site, following index: StoreIndex, in folder: String) throws(TapError) {
        self.init(site, index, in: folder, mayUse: false)
        file?.discard()
        guard !(state.withLock { $0.feed.target.file is MemoryFile }) else {
            throw TapError(
                .configuration, printable(folder), "no file can be made in it",
                remedy: "name a folder that this user may write to, with room for a third of the store")
        }
    }

    /// Sums up what is in the store, at first all of it, later what was entered since. Blocks until that is done; for one thread, in
    /// place of `make`. What cannot be read is in `progress`, and nothing is summed up behind it.
    ///
    /// - Parameter goesOn: asked now and then.
    /// - Returns: false: the store has other lines, devices or tags now, so that a new timeline is to be made.
    /// - Throws: the log cannot be read now, or is another one.
    public func follow(_ goesOn: () -> Bool = { true }) throws(TapError) -> Bool {
        let (index, before) = state.withLock { ($0.index, $0.progress) }
        guard before.failure == nil else { return true }
        var next = index
        if before.isDone {
            guard let grown = try index.grown() else { return true }
            next = grown
        }
        guard next.isNumbered(as: index) else { return false }
        var reader = before.isDone ? next.reader(behind: index) : next.reader()
        do throws(TapError) {
            guard try sum(&reader, goesOn) else { return true }
        } catch {
            state.withLock { $0.progress.failure = error }
            return true
        }
        let remarks = reader.remarks
        state.withLock { state in
            state.index = next
            state.progress.reached = next.covered.count
            (state.progress.isDone, state.progress.share) = (true, 1)
            for remark in remarks where !state.progress.remarks.contains(remark) {
                state.progress.remarks.append(remark)
            }
        }
        return true
    }
}

extension WindowMemory.Span {
    /// Nothing of it is behind that time.
    mutating func end(at time: Int64) {
        while let last = buckets.indices.last, buckets[last].until > time {
            buckets[last].until = time
            guard buckets[last].at >= time else { return }
            buckets.removeLast()
        }
    }
}
