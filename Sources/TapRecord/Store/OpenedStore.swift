import TapCore

/// A store that was opened to go on with its log: what a cut left unfinished is finished.
struct OpenedStore {
    let disk: any Disk
    let origin: String
    let provenance: Provenance
    var log: LogWriter
    var keys: StoreKeys
    var state: StoreState
    /// Segments that an entry says are dropped, and that are still there: to be removed once a checkpoint covers the entry.
    var dropped: [UInt64] = []

    /// Reads the log once, from the last hand-over on where `state` has what was before it, then finishes segments.
    ///
    /// - Throws: the log does not follow from itself, is older than its checkpoint, or the keys are others.
    init(_ disk: any Disk) throws(StoreProblem) {
        self.disk = disk
        StoreReserve.remove(from: disk)
        let opened = try StoreProblem.log { () throws(LogProblem) in try LogWriter.open(on: disk) }
        log = opened.log
        state = StoreState()
        let note = try StoreProblem.log { () throws(LogProblem) in try CheckpointFile.read(on: disk) }
        let checkpoint = note.flatMap { try? Checkpoint(parsing: $0.text) }
        var reader = try StoreProblem.log { () throws(LogProblem) in try LogReader(on: disk) }
        if let saved = StoreState.saved(on: disk, reader, covered: checkpoint?.size ?? 0) {
            state = saved
            reader.seek(to: saved.tree.size)
        }
        var isChecked = false
        while let next = try StoreProblem.log({ () throws(LogProblem) in try reader.next() }) {
            _ = try state.take(next.entry)
            if state.tree.size == checkpoint?.size {
                isChecked = true
                guard state.tree.root == checkpoint?.root else {
                    throw StoreProblem(
                        "checkpoint", "is of another log than the one that is here",
                        "restore neither of the two: record into a new store, and verify this one")
                }
            }
        }
        guard let initial = state.initial, let handOver = state.handOver else {
            throw StoreProblem(
                "log", "has no beginning: it was not made completely", "make it again with 'tap record init'")
        }
        if let checkpoint, !isChecked {
            throw StoreProblem(
                "log",
                "has \(state.tree.size) entries, and its checkpoint covers \(checkpoint.size): it was rolled back, or entries are lost",
                "record into a new store, and keep this one as it is")
        }
        origin = initial.origin
        guard VerifierKey.isName(origin), origin.utf8.count <= RecordStore.longestOrigin else {
            throw StoreProblem(
                "log", "has an origin that no store can have: '\(printable(origin))'",
                "it was not made by tap: record into a new store, and keep this one as it is")
        }
        provenance = Provenance(rawValue: initial.provenance) ?? .simulated
        keys = try StoreKeys(log: initial.logKey, recovery: handOver.recoveryKey, on: disk)
        try finish(tornBytes: opened.tornBytes)
    }

    private mutating func append(_ entry: LogEntry) throws(StoreProblem) {
        let bytes = entry.encoded()
        _ = try StoreProblem.log { () throws(LogProblem) in try log.append(bytes) }
        _ = try state.take(bytes)
    }

    /// Seals segments that are not, and removes files that no entry names.
    private mutating func finish(tornBytes: UInt64) throws(StoreProblem) {
        if tornBytes > 0 {
            var entry = CutEntry()
            (entry.bytes, entry.why, entry.session) = (tornBytes, "edge", state.start?.session ?? 0)
            try append(.cut(entry))
        }
        for number in state.open.keys.sorted() { try finish(state.open[number]!) }
        let names = try StoreProblem.catching { () throws(DiskError) in try disk.names(in: StoreLayout.segments) }
        let held = Set(state.holdings.segments.map(\.number))
        var sizes: [UInt64: UInt64] = [:]
        for name in names {
            let path = "\(StoreLayout.segments)/\(name)"
            guard let number = StoreLayout.segmentNumber(name) else { continue }
            if number >= state.nextSegment {
                // Its birth did not come into the log, so nothing that is in it did.
                try StoreProblem.catching { () throws(DiskError) in try disk.remove(path) }
                continue
            }
            guard held.contains(number) else {
                dropped.append(number)
                continue
            }
            sizes[number] = try StoreProblem.catching { () throws(DiskError) in try disk.openToRead(path).size() }
        }
        state.setSizes(sizes)
    }

    /// A segment that a cut left open is sealed behind its last chunk.
    private mutating func finish(_ segment: StoreState.OpenSegment) throws(StoreProblem) {
        let number = segment.entry.number
        var cut = CutEntry()
        (cut.segment, cut.offset, cut.session) = (number, segment.end, segment.entry.session)
        do throws(StoreProblem) {
            let sealed = try seal(segment, &cut)
            if cut.bytes > 0 {
                cut.why = "written and not committed"
                try append(.cut(cut))
            }
            try append(.seal(SealEntry(segment: number, sealed)))
        } catch {
            // What is lost is found by whoever verifies; recording goes on.
            (cut.why, cut.isGivenUp) = (error.what, true)
            try append(.cut(cut))
        }
    }

    private func seal(
        _ segment: StoreState.OpenSegment, _ cut: inout CutEntry
    ) throws(StoreProblem) -> (offset: UInt64, length: UInt64, digest: [UInt8]) {
        let file = try StoreProblem.catching { () throws(DiskError) in
            try disk.open(SegmentWriter.path(segment.entry.number), creating: false)
        }
        let scan = try SegmentScan(file, upTo: segment.end)
        let parts = scan.parts(source: segment.entry.source)
        do throws(DiskError) {
            try scan.finish(file)
            if let sealed = try SegmentWriter.sealed(file, from: segment.end, parts: parts, chunks: scan.chunks) {
                return sealed
            }
            cut.bytes = try SegmentScan.written(file, behind: segment.end, of: segment.entry.size)
            return try SegmentWriter.seal(file, from: segment.end, parts: parts, chunks: scan.chunks)
        } catch { throw StoreProblem(error) }
    }
}
