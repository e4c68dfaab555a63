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
        /// Of notes, as many as are known.
        public var notesLost: UInt64 = 0
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
    /// Of all sessions, each as long as its longest source.
    public var recorded = Nanoseconds.zero
    /// To the medium since the store was made, by the recorder's own count up to the last hand-over or stop, in bytes.
    public var writtenBytes: UInt64 = 0
    /// Names of checkpoints that stay.
    public var keptCheckpoints: [String] = []
    /// Bytes that are free on its medium; nil: not known.
    public var freeBytes: UInt64?
    public var isRecording = false
    /// The newest clock fix that was recorded; nil: none.
    public var clockFix: ClockFix?
    /// When the newest checkpoint was written, by the clock of the file system it lies on, nanoseconds since 1970; nil: not
    /// known.
    public var checkpointUTC: UInt64?
    /// In their order.
    public var offs: [OffSpan] = []
    /// Of the last session; nil: none.
    public var keepBytes: UInt64?
    public var keepFor: Nanoseconds?
    /// Parts of the bytes by name of the source; 1 where a source has none.
    public var shares: [String: UInt64] = [:]
    /// Of segments, in recorded time, of late; nil: nothing is recorded.
    public var bytesPerSecond: Double?
    /// Of recorded time at that rate, until the oldest is dropped, or without a limit until the medium is full; less than 0: it
    /// is dropped already. nil: not known.
    public var left: Nanoseconds?
    /// The last sign of life: up to when the last session's sources are recorded, by the machine's clock, nanoseconds since
    /// 1970; 0: there is none. A recorder enters one each 60 s at least.
    public private(set) var lastUTC: UInt64 = 0
    private var start: StartEntry?
    /// How a service manager saw the last session end; nil: none said.
    private var serviceEnd: ServiceEnd?
    /// The newest start that failed since; nil: none that is known.
    private var failedStart: ServiceEnd?

    /// - Parameter machine: on which it is asked; nil: not known.
    init(_ disk: any Disk, isRecording: Bool, on machine: StoreMachine? = nil) throws(StoreProblem) {
        self.isRecording = isRecording
        freeBytes = disk.freeBytes()
        guard try StoreProblem.catching({ () throws(DiskError) in try disk.contentsIfThere(LogEdge.path) }) != nil
        else {
            throw StoreProblem("log", "is not there: this is no store", "name a directory made by 'tap record init'")
        }
        var state = StoreState()
        var begins: [UInt64: UInt64] = [:]
        var rate = RecentRate()
        var reader = try StoreProblem.log { () throws(LogProblem) in try LogReader(on: disk) }
        while let next = try StoreProblem.log({ () throws(LogProblem) in try reader.next() }) {
            let entry = try state.take(next.entry)
            take(entry, &begins)
            if case .chunk(let chunk) = entry { rate.take(chunk.length, recorded: state.holdings.recorded) }
        }
        entries = state.tree.size
        pins = StoreStatus.pins(state.holdings)
        (recorded, writtenBytes) = (state.holdings.recorded, state.writtenBytes)
        keptCheckpoints = KeptCheckpoints.names(on: disk).map { printable($0) }
        epoch = state.handOver?.epoch ?? 0
        let note = try StoreProblem.log { () throws(LogProblem) in try CheckpointFile.read(on: disk) }
        signedEntries = note.flatMap { try? Checkpoint(parsing: $0.text) }?.size ?? 0
        checkpointUTC = disk.modifiedUTC(CheckpointFile.path)
        let names = try StoreProblem.catching { () throws(DiskError) in try disk.names(in: StoreLayout.segments) }
        for name in names where StoreLayout.segmentNumber(name) != nil {
            segments += 1
            bytes += (try? disk.openToRead("\(StoreLayout.segments)/\(name)").size()) ?? 0
        }
        if !isRecording { endSession(next: machine, utcTo: nil) }
        bytesPerSecond = rate.bytesPerSecond
        left = timeLeft(state.holdings)
    }

    /// The last one is over, in order or not.
    private mutating func endSession(next: StoreMachine?, utcTo: UInt64?) {
        guard let last = sessions.indices.last, let start else { return }
        endPause(sessions[last].utcEnd ?? lastUTC)
        let isCut = sessions[last].end == nil
        if isCut { sessions[last].end = "cut" }
        let isHung = serviceEnd?.isHang ?? false
        let cause = isCut ? isHung ? .hung : OffSpan.cause(of: start, next: next) : .stopped
        let seen = [serviceEnd?.words, failedStart.map { "then \($0.words)" }].compactMap { $0 }
        offs.append(
            OffSpan(
                session: start.session, utcFrom: sessions[last].utcEnd ?? lastUTC, utcTo: utcTo, cause: cause,
                why: isCut ? seen.joined(separator: ", ") : sessions[last].end ?? ""))
    }

    /// Nothing is recorded, for an operator had it paused.
    public var isPaused: Bool { offs.last.map { $0.cause == .paused && $0.utcTo == nil } ?? false }

    private mutating func endPause(_ utc: UInt64) {
        if isPaused { offs[offs.count - 1].utcTo = utc }
    }

    private mutating func take(_ entry: PauseEntry) {
        guard let last = sessions.last, last.end == nil else { return }
        guard !entry.ends else { return endPause(entry.utc_ns) }
        guard !isPaused else { return }
        let author = entry.author.isEmpty ? "" : " (\(printable(entry.author)))"
        offs.append(
            OffSpan(
                session: last.number, utcFrom: entry.utc_ns, utcTo: nil, cause: .paused,
                why: printable(entry.why) + author))
    }

    private func timeLeft(_ holdings: Holdings) -> Nanoseconds? {
        var all: [Nanoseconds] = []
        if let bytesPerSecond {
            func lasts(_ room: Double) -> Nanoseconds {
                Nanoseconds(Int64(max(-1e18, min(9e18, room / bytesPerSecond * 1e9))))
            }
            if let keepBytes { all.append(lasts(Double(keepBytes) - Double(bytes))) }
            if let freeBytes { all.append(lasts(Double(freeBytes) - Double(start?.keepFree ?? 0))) }
        }
        if let keepFor {
            all.append(keepFor - (recorded - (holdings.segments.first?.end ?? recorded)))
        }
        return all.min()
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
            let next = StoreMachine(boot: entry.bootID, machine: entry.machineID, program: [])
            endSession(next: next, utcTo: entry.utc_ns)
            (start, lastUTC, serviceEnd, failedStart) = (entry, entry.utc_ns, nil, nil)
            (keepBytes, keepFor) = (entry.keepBytes, entry.keepFor)
            shares = Dictionary(entry.shares.map { (printable($0.source), $0.parts) }) { first, _ in first }
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
            sessions[last].notesLost &+= entry.notesLost
            let begin = begins[UInt64(entry.source), default: entry.from.nanoseconds]
            begins[UInt64(entry.source)] = begin
            sessions[last].length = max(sessions[last].length, entry.to - Timestamp(nanoseconds: begin))
            if let fix = entry.clockFixes.last { clockFix = fix }
            if let utc = start?.utc(entry.to, of: Int(entry.source)) { lastUTC = max(lastUTC, utc) }
        case .stop(let entry):
            guard let last = sessions.indices.last else { return }
            (sessions[last].end, sessions[last].utcEnd) = (printable(entry.why), entry.utc_ns)
        case .drop(let entry): dropped += entry.last - min(entry.first, entry.last) + 1
        case .outage(let entry):
            offs.append(
                OffSpan(
                    session: entry.session, utcFrom: entry.utcFrom, utcTo: entry.utcTo,
                    cause: entry.isFull ? .full : .medium, why: printable(entry.why)))
        case .pause(let entry): take(entry)
        case .remark(let entry):
            guard let end = ServiceEnd(entry), let start else { return }
            if serviceEnd == nil, end.canEnd(start) { serviceEnd = end } else { failedStart = end }
        case .handOver, .segment, .seal, .cut, .pin, .unpin, .change: break
        }
    }
}

extension RecordStore {
    /// What it holds. Blocks as long as reading its log takes.
    public func status() throws(TapError) -> StoreStatus {
        do throws(StoreProblem) {
            try checkIsStore()
            return try StoreStatus(SystemDisk(path), isRecording: StoreLock.isHeld(path), on: .here)
        } catch { throw error.error(in: path, writing: false) }
    }
}
