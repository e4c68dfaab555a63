public import TapCore

/// What a store holds, as its log says; nothing is verified.
public struct StoreStatus: Sendable {
    /// One session of recording.
    public struct Session: Sendable, Hashable {
        public var number: UInt64
        public var utcStart: UInt64
        /// nil: it goes on, or was cut.
        public var utcEnd: UInt64?
        /// Why it ended; nil: it goes on; "cut": a cut ended it.
        public var end: String?
        public var version: String
        public var lines: [String]
        public var devices: [String]
        public var tags: [String]
        public var chunks: UInt64 = 0
        public var edges: UInt64 = 0
        public var scans: UInt64 = 0
        public var events: UInt64 = 0
        /// In the time of its sources: the longest.
        public var length = Nanoseconds.zero
    }

    /// A span of UTC whose segments are not dropped.
    public struct Pin: Sendable, Hashable {
        public var number: UInt64
        /// Half open, nanoseconds since 1970.
        public var utcFrom: UInt64
        public var utcTo: UInt64
        public var why: String
        public var author: String
        /// Segments that it holds, and their bytes.
        public var segments: UInt64
        public var bytes: UInt64
    }

    public var origin = ""
    public var provenance = ""
    public var entries: UInt64 = 0
    public var epoch: UInt64 = 0
    /// By the newest checkpoint; 0: none.
    public var signedEntries: UInt64 = 0
    public var sessions: [Session] = []
    /// Segments that are there, and their bytes.
    public var segments: UInt64 = 0
    public var bytes: UInt64 = 0
    public var dropped: UInt64 = 0
    public var pins: [Pin] = []
    /// Bytes that are free on its medium; nil: not known.
    public var freeBytes: UInt64?
    public var isRecording = false
    /// The newest clock fix that was recorded; nil: none.
    public var clockFix: ClockFix?

    init(_ disk: any Disk, isRecording: Bool) throws(StoreProblem) {
        self.isRecording = isRecording
        freeBytes = disk.freeBytes()
        guard try StoreProblem.catching({ () throws(DiskError) in try disk.contentsIfThere(LogEdge.path) }) != nil
        else {
            throw StoreProblem("log", "is not there: this is no store", "name a directory made by 'tap record init'")
        }
        var state = StoreState()
        var begins: [UInt64: UInt64] = [:]
        var reader = try StoreProblem.log { () throws(LogProblem) in try LogReader(on: disk) }
        while let next = try StoreProblem.log({ () throws(LogProblem) in try reader.next() }) {
            take(try state.take(next.entry), &begins)
        }
        entries = state.tree.size
        pins = StoreStatus.pins(state.holdings)
        epoch = state.handOver?.epoch ?? 0
        let note = try StoreProblem.log { () throws(LogProblem) in try CheckpointFile.read(on: disk) }
        signedEntries = note.flatMap { try? Checkpoint(parsing: $0.text) }?.size ?? 0
        let names = try StoreProblem.catching { () throws(DiskError) in try disk.names(in: StoreLayout.segments) }
        for name in names where StoreLayout.segmentNumber(name) != nil {
            segments += 1
            bytes += (try? disk.openToRead("\(StoreLayout.segments)/\(name)").size()) ?? 0
        }
        if let last = sessions.indices.last, sessions[last].end == nil, !isRecording { sessions[last].end = "cut" }
    }

    private static func pins(_ holdings: Holdings) -> [Pin] {
        holdings.pins.map { pin in
            var alone = holdings
            alone.pins = [pin]
            let held = holdings.segments.filter { alone.isPinned($0) }
            return Pin(
                number: pin.number, utcFrom: pin.utcFrom, utcTo: pin.utcTo, why: printable(pin.why),
                author: printable(pin.author), segments: UInt64(held.count),
                bytes: held.reduce(0) { $0 &+ $1.size })
        }
    }

    /// - Parameter begins: where each source's first span of the session began.
    private mutating func take(_ entry: LogEntry, _ begins: inout [UInt64: UInt64]) {
        switch entry {
        case .initial(let entry): (origin, provenance) = (printable(entry.origin), printable(entry.provenance))
        case .start(let entry):
            if let last = sessions.indices.last, sessions[last].end == nil { sessions[last].end = "cut" }
            begins = [:]
            func names(_ subjects: [Subject]) -> [String] { subjects.map { printable($0.name) } }
            sessions.append(
                Session(
                    number: entry.session, utcStart: entry.utc_ns, version: printable(entry.version),
                    lines: entry.sources.flatMap { names($0.lines) },
                    devices: entry.sources.flatMap { names($0.devices) }, tags: entry.sources.flatMap { names($0.tags) }
                ))
        case .chunk(let entry):
            guard let last = sessions.indices.last else { return }
            sessions[last].chunks += 1
            sessions[last].edges += entry.edges
            sessions[last].scans += entry.scans
            sessions[last].events += entry.events
            let begin = begins[UInt64(entry.source), default: entry.from.nanoseconds]
            begins[UInt64(entry.source)] = begin
            sessions[last].length = max(sessions[last].length, entry.to - Timestamp(nanoseconds: begin))
            if let fix = entry.clockFixes.last { clockFix = fix }
        case .stop(let entry):
            guard let last = sessions.indices.last else { return }
            (sessions[last].end, sessions[last].utcEnd) = (printable(entry.why), entry.utc_ns)
        case .drop(let entry): dropped += entry.last - min(entry.first, entry.last) + 1
        case .handOver, .segment, .seal, .cut, .remark, .pin, .unpin, .change: break
        }
    }
}

extension RecordStore {
    /// What it holds. Blocks as long as reading its log takes.
    public func status() throws(TapError) -> StoreStatus {
        do throws(StoreProblem) {
            try checkIsStore()
            return try StoreStatus(SystemDisk(path), isRecording: StoreLock.isHeld(path))
        } catch { throw error.error(in: path, writing: false) }
    }
}
