import TapCore

/// The log of a store as it is written: entries, what they say so far, checkpoints and epochs.
///
/// One thread at a time; calls block as long as the medium does. After an error another call goes on.
final class StoreLog {
    let disk: any Disk
    let origin: String
    private let clock: StoreClock
    private var log: LogWriter
    private(set) var state: StoreState
    private var keys: StoreKeys
    private var epochKey: SigningKey
    private var epoch: UInt64
    private var epochBegan: Timestamp
    /// Its entry is in the log, and perhaps not on the medium.
    private var isHandingOver = false
    private var lastCheckpoint: Timestamp
    private var signedSize: UInt64 = 0
    private let writtenBefore: UInt64
    private var checkpoint: CheckpointWriter
    private var kept: KeptCheckpoints

    /// - Parameter opened: `begin` has to follow before anything is appended.
    init(_ opened: OpenedStore, clock: StoreClock) {
        (disk, origin, self.clock) = (opened.disk, opened.origin, clock)
        (log, state, keys) = (opened.log, opened.state, opened.keys)
        epoch = opened.state.handOver?.epoch ?? 0
        // Until the hand-over.
        epochKey = opened.keys.recovery
        let now = clock.read().monotonic
        (epochBegan, lastCheckpoint) = (now, now)
        writtenBefore = opened.state.writtenBytes
        checkpoint = CheckpointWriter(on: disk)
        kept = KeptCheckpoints(on: disk)
    }

    /// To the medium since the store was made.
    var writtenBytes: UInt64 { writtenBefore &+ disk.writtenBytes }

    /// The first epoch after a start.
    func begin() throws(StoreProblem) {
        kept.removeUnfinished()
        if let note = try? CheckpointFile.read(on: disk) { kept.endEpoch(epoch, note) }
        try handOver(.recoveryKey)
    }

    /// - Throws: where it has more than 65,535 bytes.
    func append(_ entry: LogEntry) throws(StoreProblem) {
        let bytes = entry.encoded()
        _ = try StoreProblem.log { () throws(LogProblem) in try log.append(bytes) }
        _ = try state.take(bytes)
    }

    func sync() throws(StoreProblem) {
        try StoreProblem.catching { () throws(DiskError) in try log.sync() }
    }

    /// What is due: requests, another epoch, a checkpoint.
    func tick(_ options: StoreOptions) throws(StoreProblem) {
        let now = clock.read().monotonic
        let hasTaken = try takeUp()
        if now - epochBegan >= options.epoch {
            if !isHandingOver { kept.endEpoch(epoch, try writeCheckpoint()) }
            try handOver(.epochKey)
            epochBegan = now
            try writeCheckpoint()
        } else if hasTaken || now - lastCheckpoint >= options.checkpointEvery, signedSize != log.size {
            try writeCheckpoint()
        }
    }

    /// Enters what other commands asked for, each once. A request that cannot be removed is not entered again.
    ///
    /// - Returns: whether there was any.
    @discardableResult
    func takeUp() throws(StoreProblem) -> Bool {
        var taken: [String] = []
        for path in StoreSpool.paths(on: disk) {
            guard let request = StoreSpool.request(path, on: disk), let id = request.requestID else { continue }
            taken.append(path)
            if state.requests.contains(id) { continue }
            try append(numbered(request))
        }
        guard !taken.isEmpty else { return false }
        try sync()
        for path in taken { try? disk.removeIfThere(path) }
        try? disk.syncDirectory(StoreSpool.directory)
        return true
    }

    private func numbered(_ request: LogEntry) -> LogEntry {
        switch request {
        case .pin(var pin):
            pin.number = state.holdings.lastPin &+ 1
            return .pin(pin)
        case .pause(var pause):
            pause.monotonic = clock.read().monotonic
            return .pause(pause)
        default: return request
        }
    }

    /// The next epoch begins. After an error another call goes on with it: the key that its entry names must stay.
    private func handOver(_ by: HandOverEntry.By) throws(StoreProblem) {
        if !isHandingOver {
            let next = epoch &+ 1
            let key = SigningKey.make(name: HandOverText.keyName(origin, epoch: next))
            let recovery = SigningKey.make(name: HandOverText.recoveryKeyName(origin, epoch: next))
            try StoreProblem.catching { () throws(DiskError) in try keys.prepare(recovery) }
            let saved = state.encoded()
            try StoreProblem.catching { () throws(DiskError) in try disk.replace(StoreState.path, with: saved) }
            var entry = HandOverEntry(
                next, origin: origin, size: log.size, root: log.root, key: key.verifierKey,
                recoveryKey: recovery.verifierKey, by: by, signedBy: epochKey, utc_ns: clock.read().utcNanoseconds)
            (entry.stateSHA256, entry.writtenBytes) = (Digest.of(saved).bytes, writtenBytes)
            try append(.handOver(entry))
            (epoch, epochKey, isHandingOver) = (next, key, true)
        }
        try sync()
        try StoreProblem.catching { () throws(DiskError) in try keys.settle() }
        isHandingOver = false
    }

    /// Everything in the log is on the medium when it is signed.
    @discardableResult
    func writeCheckpoint() throws(StoreProblem) -> SignedNote {
        try sync()
        let note = Checkpoint(origin: origin, size: log.size, root: log.root).signed(by: [keys.log, epochKey])
        try StoreProblem.catching { () throws(DiskError) in try checkpoint.write(note) }
        signedSize = log.size
        lastCheckpoint = clock.read().monotonic
        kept.keep(state.holdings.pins, note)
        return note
    }

    /// What a failed call left of checkpoints that are kept.
    func removeUnfinished() { kept.removeUnfinished() }
}
