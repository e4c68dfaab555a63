import TapCore

@testable import TapRecord

/// Writes entries as a log of its own keys, so that digests, roots and signatures hold whatever the entries say.
struct ForgedLog {
    private let log = SigningKey.make(name: SoundStore.origin)
    private let epochs: [SigningKey]
    private let recoveries: [SigningKey]

    init(epochs count: UInt64) {
        epochs = (1...count).map { SigningKey.make(name: HandOverText.keyName(SoundStore.origin, epoch: $0)) }
        recoveries = (1...count).map {
            SigningKey.make(name: HandOverText.recoveryKeyName(SoundStore.origin, epoch: $0))
        }
    }

    var key: VerifierKey { log.verifierKey }

    /// - Parameters:
    ///   - state: whose segments it is about.
    ///   - change: of the bytes of an entry, by its index.
    func disk(
        _ entries: [[UInt8]], _ state: MemoryDisk.State, change: (Int, [UInt8]) -> [UInt8]
    ) throws -> MemoryDisk {
        var state = state
        let others = ["tile/", "checkpoints/", LogEdge.path, StoreState.path]
        state.names = state.names.filter { name in !others.contains { name.key.hasPrefix($0) } }
        let disk = MemoryDisk(state)
        disk[StoreLayout.verifierKey] = Array((key.text + "\n").utf8)
        disk[StoreKeys.logPath] = Array((log.text + "\n").utf8)
        var writer = try LogWriter.create(on: disk)
        var epoch = 0
        for (index, bytes) in entries.enumerated() {
            var made = bytes
            switch try LogEntry(decoding: bytes) {
            case .initial(var entry):
                entry.logKey = key.text
                made = LogEntry.initial(entry).encoded()
            case .handOver(let entry):
                made = LogEntry.handOver(handOver(entry, epoch, writer)).encoded()
                epoch += 1
            default: break
            }
            // Longer entries cannot be written.
            let changed = change(index, made)
            try writer.append(changed.count <= Tile.longestEntry ? changed : made)
        }
        disk[StoreKeys.recoveryPath] = Array((recoveries[epoch - 1].text + "\n").utf8)
        try writer.sync()
        let checkpoint = Checkpoint(origin: SoundStore.origin, size: writer.size, root: writer.root)
        var signed = CheckpointWriter(on: disk)
        try signed.write(checkpoint.signed(by: [log, epochs[epoch - 1]]))
        return disk
    }

    private func handOver(_ entry: HandOverEntry, _ before: Int, _ writer: LogWriter) -> HandOverEntry {
        let signer =
            switch entry.by {
            case .logKey: log
            case .epochKey: epochs[before - 1]
            case .recoveryKey: recoveries[before - 1]
            }
        return HandOverEntry(
            entry.epoch, origin: SoundStore.origin, size: writer.size, root: writer.root,
            key: epochs[before].verifierKey, recoveryKey: recoveries[before].verifierKey, by: entry.by,
            signedBy: signer, utc_ns: entry.utc_ns)
    }
}
