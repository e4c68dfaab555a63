public import TapCore

/// A store: a directory with the record of one gateway (docs/formats/record.md).
///
///     let key = try RecordStore("plant").make(origin: "plant-3/press", provenance: .hardware, utc_ns: now)
///     print(key)  // to be kept in a safe
public struct RecordStore: Sendable {
    public let path: String

    /// Bytes: three times in a checkpoint, which has its place.
    static let longestOrigin = 1_000

    /// Opens nothing.
    public init(_ path: String) { self.path = path }

    /// Whether there is one, complete or not.
    public static func isStore(_ path: String) -> Bool {
        let disk = SystemDisk(path)
        return (try? disk.contentsIfThere(StoreLayout.verifierKey)) ?? nil != nil
    }

    /// Makes a store and its keys. Blocks until it is on the medium.
    ///
    /// - Parameters:
    ///   - origin: names the log for ever, as `plant-3/press`: without a space or `+`. Of anything but hardware it ends with
    ///     `/` and the provenance.
    ///   - utc_ns: by the machine's clock.
    /// - Returns: the verifier key, and the first checkpoint, to be kept elsewhere.
    public func make(
        origin: String, provenance: Provenance, utc_ns: UInt64
    ) throws(TapError) -> (key: String, checkpoint: String) {
        guard VerifierKey.isName(origin) else {
            throw TapError(
                .usage, "origin '\(printable(origin))'", "is empty or has a space, a '+' or a control character",
                remedy: "name the plant and the gateway, as plant-3/press")
        }
        guard origin.utf8.count <= RecordStore.longestOrigin else {
            throw TapError(
                .usage, "origin of \(origin.utf8.count) bytes",
                "is too long: at most \(RecordStore.longestOrigin) are possible",
                remedy: "name the plant and the gateway, as plant-3/press")
        }
        let ending = "/\(provenance.rawValue)"
        guard provenance == .hardware || origin.hasSuffix(ending) else {
            throw TapError(
                .usage, "origin '\(printable(origin))'", "is of a store for \(provenance.rawValue) signals",
                remedy: "let it end with '\(ending)'")
        }
        let disk = SystemDisk(path)
        if let names = try? disk.names(in: ""), !names.isEmpty {
            throw TapError(.output, path, "is there already and is not empty", remedy: "name a new directory")
        }
        do throws(StoreProblem) {
            return try RecordStore.make(on: disk, origin: origin, provenance: provenance, utc_ns: utc_ns)
        } catch { throw error.error(in: path, writing: true) }
    }

    static func make(
        on disk: any Disk, origin: String, provenance: Provenance, utc_ns: UInt64
    ) throws(StoreProblem) -> (key: String, checkpoint: String) {
        do throws(DiskError) {
            try disk.makeRoot()
            try disk.makeDirectory(StoreLayout.segments)
            let keys = try StoreKeys.make(origin: origin, on: disk)
            var log = try LogWriter.create(on: disk)
            let epoch = SigningKey.make(name: HandOverText.keyName(origin, epoch: 1))
            let initial = InitEntry(
                format: 1, origin: origin, provenance: provenance.rawValue, logKey: keys.log.verifierKey.text,
                utc_ns: utc_ns)
            try append(.initial(initial), to: &log)
            let first = HandOverEntry(
                1, origin: origin, size: log.size, root: log.root, key: epoch.verifierKey,
                recoveryKey: keys.recovery.verifierKey, by: .logKey, signedBy: keys.log, utc_ns: utc_ns)
            try append(.handOver(first), to: &log)
            try log.sync()
            let note = Checkpoint(origin: origin, size: log.size, root: log.root).signed(by: [keys.log, epoch])
            var checkpoint = CheckpointWriter(on: disk)
            try checkpoint.write(note)
            // Last: with it there is a store.
            try disk.replace(StoreLayout.verifierKey, with: Array((keys.log.verifierKey.text + "\n").utf8))
            return (keys.log.verifierKey.text, String(decoding: note.serialised, as: UTF8.self))
        } catch { throw StoreProblem(error) }
    }

    private static func append(_ entry: LogEntry, to log: inout LogWriter) throws(DiskError) {
        do throws(LogProblem) { try log.append(entry.encoded()) } catch {
            throw DiskError("append", error.file, .invalid)
        }
    }

    // Recording

    /// Begins a session of recording: finishes what a cut left, hands over to a new epoch.
    ///
    /// Blocks as long as reading the whole log takes. The store is locked until the recorder goes.
    ///
    /// - Parameters:
    ///   - inBackground: chunks are brought onto the medium by a thread; otherwise by the recorder's.
    ///   - onPause: called with whether an operator had recording paused, each time that this changes; in the background only.
    ///   - onProblem: called with what keeps chunks from the medium, and with nil once they get there again; on that thread.
    public func recorder(
        of header: SessionHeader, on machine: StoreMachine = .current, clock: StoreClock,
        options: StoreOptions = StoreOptions(), inBackground: Bool,
        onPause: @escaping @Sendable (Bool) -> Void = { _ in },
        onProblem: @escaping @Sendable (TapError?) -> Void = { _ in }
    ) throws(TapError) -> Recorder {
        let lock = try lock()
        let path = path
        let writer: StoreWriter
        let session: UInt64
        do throws(StoreProblem) {
            let opened = try OpenedStore(SystemDisk(path))
            try RecordStore.check(header, opened)
            session = (opened.state.start?.session ?? 0) &+ 1
            writer = try StoreWriter(opened, header: header, on: machine, clock: clock, options: options)
        } catch { throw error.error(in: path, writing: true) }
        writer.lock = lock
        let keeper: any ChunkKeeper =
            inBackground
            ? try ThreadKeeper(writer, store: path, onPause: onPause) { onProblem($0?.error(in: path, writing: true)) }
            : InlineKeeper(writer, store: path, mostPending: 4 << 20)
        return Recorder(header, session: session, options: options, keeper: keeper)
    }

    private func lock() throws(TapError) -> StoreLock {
        do throws(StoreProblem) { try checkIsStore() } catch { throw error.error(in: path, writing: true) }
        do throws(Errno) { return try StoreLock(path) } catch {
            if error == .wouldBlock {
                throw TapError(
                    .busy, path, "a recorder is writing to it", remedy: "stop that one first, or name another store")
            }
            throw StoreProblem(DiskError("open", "lock", error)).error(in: path, writing: true)
        }
    }

    /// A store for hardware takes nothing that is weaker.
    private static func check(_ header: SessionHeader, _ opened: OpenedStore) throws(StoreProblem) {
        let order: [Provenance] = [.hardware, .remote, .replayed, .emulatedKernel, .simulated]
        func rank(_ provenance: Provenance) -> Int { order.firstIndex(of: provenance) ?? order.count }
        let most = opened.provenance == .hardware ? rank(.remote) : rank(opened.provenance)
        guard rank(header.provenance) <= most else {
            throw StoreProblem(
                "", "is for \(opened.provenance.rawValue) signals, and these are \(header.provenance.rawValue)",
                "record into a store that was made with --provenance \(header.provenance.rawValue)")
        }
    }

    // Requests

    /// Has something entered into the log: by the recorder that is writing, at most some seconds later, or here, where none is.
    /// Blocks until then, but at most some 5 s for a recorder.
    ///
    /// - Returns: whether it is in the log; otherwise it waits for the recorder, or the next one, on the medium.
    public func enter(_ request: StoreRequest, clock: StoreClock) throws(TapError) -> Bool {
        try enter([request], clock: clock)
    }

    /// As for one: all at once.
    public func enter(_ requests: [StoreRequest], clock: StoreClock) throws(TapError) -> Bool {
        let disk = SystemDisk(path)
        do throws(StoreProblem) { try checkIsStore() } catch { throw error.error(in: path, writing: true) }
        var random = SystemRandomNumberGenerator()
        do throws(StoreProblem) {
            var spooled: [String] = []
            for request in requests {
                let id = (0..<8).map { _ in UInt8.random(in: 0...255, using: &random) }
                let utc_ns = clock.read().utcNanoseconds
                spooled.append(
                    try StoreProblem.catching { () throws(DiskError) in
                        try StoreSpool.put(request.entry(id: id, utc_ns: utc_ns), utc_ns: utc_ns, id: id, on: disk)
                    })
            }
            let pause = WakePipe()
            for _ in 0..<100 {
                while let last = spooled.last {
                    let isThere = try StoreProblem.log { () throws(LogProblem) in try LogFile.isThere(last, on: disk) }
                    if isThere { break }
                    spooled.removeLast()
                }
                guard !spooled.isEmpty else { return true }
                guard StoreLock.isHeld(path) else { break }
                pause.wait(.milliseconds(50))
            }
        } catch { throw error.error(in: path, writing: true) }
        let held: StoreLock
        do throws(TapError) { held = try lock() } catch {
            guard error.kind == .busy else { throw error }
            return false
        }
        defer { withExtendedLifetime(held) {} }
        do throws(StoreProblem) { try RecordStore.takeUp(on: disk, clock: clock) } catch {
            throw error.error(in: path, writing: true)
        }
        return true
    }

    /// Enters requests into the log of a store in which nobody records.
    static func takeUp(on disk: any Disk, clock: StoreClock) throws(StoreProblem) {
        let log = StoreLog(try OpenedStore(disk), clock: clock)
        try log.begin()
        try log.takeUp()
        try log.writeCheckpoint()
    }

    // Looking

    func checkIsStore() throws(StoreProblem) {
        var names: [String] = []
        do throws(DiskError) { names = try SystemDisk(path).names(in: "") } catch {
            if error.errno.isPermission { throw StoreProblem(error) }
        }
        guard names.contains(StoreLayout.segments) else {
            throw names.isEmpty
                ? StoreProblem(
                    "", "is no store: nothing is there",
                    "mount its medium, or name a directory made by 'tap record init'")
                : StoreProblem("", "is no store", "name a directory made by 'tap record init'")
        }
    }

    /// Looks at all of it. Blocks as long as reading it takes; memory does not grow with it.
    ///
    /// - Parameters:
    ///   - key: the verifier key, from outside.
    ///   - seen: checkpoints that were noted elsewhere.
    ///   - policy: whose cosignatures count.
    ///   - stamps: whose time stamps count.
    ///   - readsRecords: also compares what each entry says of its chunk with the records in it, which takes longer.
    public func verify(
        key: VerifierKey, seen: [Checkpoint], policy: WitnessPolicy? = nil, stamps: StampAuthorities? = nil,
        readsRecords: Bool = false
    ) throws(TapError) -> Verification {
        do throws(StoreProblem) {
            try checkIsStore()
            var verifier = StoreVerifier(
                SystemDisk(path), key: key, seen: seen, policy: policy, stamps: stamps, readsRecords: readsRecords)
            return try verifier.run(isRecording: StoreLock.isHeld(path))
        } catch { throw error.error(in: path, writing: false) }
    }

    /// What is recorded of a line, tag or device between two times, whether that is all, and what it rests on.
    public func complete(
        key: VerifierKey, seen: [Checkpoint] = [], _ subject: AskedSubject, from: AskedTime, to: AskedTime
    ) throws(TapError) -> Completeness {
        do throws(StoreProblem) {
            try checkIsStore()
            return try StoreQuestion(SystemDisk(path), key: key, seen: seen, subject, from: from, to: to).answer()
        } catch { throw error.error(in: path, writing: false) }
    }

    /// The newest checkpoint, as it stands in the store; nothing is verified. A copy is kept in the store, where that can be
    /// written, as one that is noted elsewhere.
    public func checkpoint() throws(TapError) -> String {
        do throws(StoreProblem) {
            try checkIsStore()
            let note = try StoreProblem.log { () throws(LogProblem) in try CheckpointFile.read(on: SystemDisk(path)) }
            guard let note else {
                throw StoreProblem("checkpoint", "is not there", "check the path of the store")
            }
            KeptCheckpoints.seen(note, on: SystemDisk(path))
            return String(decoding: note.serialised, as: UTF8.self)
        } catch { throw error.error(in: path, writing: false) }
    }

    /// How much the newest checkpoint covers, and when it was written, by the clock of the file system, nanoseconds since 1970;
    /// nothing is verified. nil: there is none, or it cannot be read. Blocks as long as reading 8 KiB takes.
    public func newestCheckpoint() -> (entries: UInt64, utc: UInt64)? {
        let disk = SystemDisk(path)
        guard let note = try? CheckpointFile.read(on: disk), let read = try? Checkpoint(parsing: note.text),
            let utc = disk.modifiedUTC(CheckpointFile.path)
        else { return nil }
        return (read.size, utc)
    }
}
