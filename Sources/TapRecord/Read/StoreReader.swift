public import TapCore

/// Reads a store as a capture: all sessions, all sources, in order of time, what the log and its checkpoint cover.
///
/// Of a span, or of named lines, only those chunks are read whose entries say that they can hold it; of those before the
/// span the entries give the levels that lines had at its begin.
///
/// Memory: a chunk of each source. Each chunk's digest is compared when it is read. Times are those of the first session's
/// monotonic clock; a later session is placed by the machine's UTC, and never before the end of the one before it. Between
/// sessions nothing is known of any line: a gap says so.
public struct StoreReader: ~Copyable, CaptureReader {
    public let header: SessionHeader
    public var sampleRate_hz: UInt64? { nil }
    public private(set) var end: Timestamp?
    public private(set) var remarks: [String] = []
    public var share: Double? { size == 0 ? nil : Double(position) / Double(size) }

    private let disk: any Disk
    private let path: String
    private var log: LogReader
    private let numbers: StoreNumbers
    private let lastChunks: [UInt64: [UInt64?]]
    private let window: StoreWindow
    /// Of each line, the level that the chunks so far led to: 0 not known, 1 low, 2 high.
    private var levels: [UInt32]
    private var session: StoredSession?
    /// Sessions that were begun.
    private var begun = 0
    private var records: MergedRecords
    private var position: UInt64 = 0
    private let size: UInt64
    private var latest: Timestamp
    private var pending: LogEntry?
    /// Up to here it is known what was recorded.
    private var known = Timestamp.zero
    /// Nothing is left standing where nothing was recorded: from the end of each session on, and where segments were dropped.
    /// nil: a gap says so where the next session begins.
    private let ends: [Timestamp]?
    /// Of the session, whose last chunk was of a segment that was dropped.
    private var dropped: Set<Int> = []

    /// Reads the whole log once.
    ///
    /// - Parameters:
    ///   - from: what comes before need not be given; since the beginning of the capture.
    ///   - to: likewise what comes later; nil: all of it is.
    ///   - wanted: names of lines, ADCs, channels and tags: others need not be given; empty: all are.
    /// - Throws: it is no store, or its log does not follow from itself.
    public init(
        _ path: String, from: Nanoseconds = .zero, to: Nanoseconds? = nil, wanted: Set<String> = []
    ) throws(TapError) {
        try self.init(SystemDisk(path), path, from: from, to: to, wanted: wanted)
    }

    init(
        _ disk: any Disk, _ path: String, from: Nanoseconds = .zero, to: Nanoseconds? = nil, wanted: Set<String> = [],
        isPart: Bool = false
    ) throws(TapError) {
        let opened = try StoreReader.open(disk, path, isPart: isPart)
        let window = StoreWindow(opened.survey.header(path), from: from, to: to, names: wanted)
        self.init(disk, path, opened.survey, opened.log, window)
    }

    private init(_ disk: any Disk, _ path: String, _ survey: StoreSurvey, _ log: LogReader, _ window: StoreWindow) {
        self.disk = disk
        self.path = path
        self.log = log
        self.window = window
        numbers = survey.numbers
        lastChunks = survey.lastChunks
        levels = survey.numbers.lines.map { _ in 0 }
        size = survey.size
        header = survey.header(path)
        records = MergedRecords()
        latest = header.origin
        ends = nil
    }

    /// From an entry of a log that was read to before another one. Nothing is left standing where nothing was recorded.
    ///
    /// - Parameters:
    ///   - end: the entry that is read no more.
    ///   - latest: the latest time of records before.
    init(
        _ index: StoreIndex, _ window: StoreWindow, from entry: StoreIndex.Place, to end: UInt64, latest: Timestamp
    ) {
        disk = index.disk
        path = index.path
        var log = index.log
        log.seek(to: entry.position)
        self.log = log
        self.window = window
        numbers = index.numbers
        lastChunks = index.lastChunks
        levels = index.numbers.lines.map { _ in 0 }
        size = end
        header = index.header
        position = entry.position
        self.latest = latest
        ends = index.ends
        begun = entry.begun
        session = entry.begun > 0 ? index.sessions[entry.begun - 1] : nil
        let last = session.flatMap { index.lastChunks[$0.number] } ?? []
        records = MergedRecords(isEmpty: last.map { $0.map { $0 < entry.position } ?? true })
    }

    private static func open(
        _ disk: any Disk, _ path: String, isPart: Bool
    ) throws(TapError) -> (survey: StoreSurvey, log: LogReader) {
        do throws(StoreProblem) {
            let log = try StoreProblem.log { () throws(LogProblem) in try LogReader(on: disk) }
            return (try StoreSurvey(disk, isPart: isPart), log)
        } catch { throw error.error(in: path, writing: false) }
    }

    public mutating func read(into buffer: inout RecordBuffer) throws(TapError) -> Bool {
        do throws(StoreProblem) {
            while !buffer.isFull {
                if let record = records.next() {
                    latest = max(latest, record.time)
                    record.append(to: &buffer)
                    continue
                }
                guard try advance(&buffer) else {
                    end = max(latest, known)
                    return false
                }
            }
            return true
        } catch { throw error.error(in: path, writing: false) }
    }

    /// Takes the next entry of the log; false: there is none.
    private mutating func advance(_ buffer: inout RecordBuffer) throws(StoreProblem) -> Bool {
        guard position < size, let next = try StoreProblem.log({ () throws(LogProblem) in try log.next() }) else {
            if records.isOpen {
                records.finish()
                return true
            }
            guard ends != nil, let held = pending, case .start(let start) = held else { return false }
            pending = nil
            begin(start, &buffer)
            return true
        }
        position = next.index + 1
        let entry: LogEntry
        do throws(ProtoProblem) { entry = try LogEntry(decoding: next.entry) } catch {
            throw StoreProblem("entry \(next.index)", "\(error)", "'tap verify' shows what of the store holds")
        }
        switch entry {
        case .start(let start):
            if records.isOpen {
                records.finish()
                pending = entry
                return true
            }
            begin(start, &buffer)
        case .chunk(let chunk): try take(chunk, at: next.index)
        default: break
        }
        if let held = pending, !records.isOpen, case .start(let start) = held {
            pending = nil
            begin(start, &buffer)
        }
        return true
    }

    private mutating func begin(_ start: StartEntry, _ buffer: inout RecordBuffer) {
        let made = StoredSession(start, numbers: numbers, after: begun == 0 ? nil : latest, first: numbers.firstStart)
        if begun > 0 {
            var subjects = header.lines.map { Gap.Subject.line($0.id) }
            if ends != nil {
                subjects += header.devices.map { .device($0.id) } + header.tags.map { .tag($0.id) }
            }
            let found = ends.map { min($0[begun - 1], made.begin) } ?? made.begin
            for subject in subjects {
                let gap = Gap(
                    .notRecorded, subject, .unknown, discovered: found, from: latest,
                    to: .distantFuture)
                buffer.append(.gap(gap))
            }
            known = max(known, found)
        }
        begun += 1
        session = made
        records = MergedRecords(
            isEmpty: lastChunks[start.session]?.map { $0 == nil } ?? [],
            isOrdered: start.sources.map { SourceInfo.Capabilities(rawValue: $0.capabilities).contains(.ordered) })
        levels = levels.map { _ in 0 }
        dropped = []
    }

    private mutating func take(_ chunk: ChunkEntry, at index: UInt64) throws(StoreProblem) {
        let source = Int(chunk.source)
        guard let session, chunk.session == session.number, session.numbers.indices.contains(source) else { return }
        known = max(known, session.time(chunk.to, of: source))
        if let record = chunk.latestRecord { latest = max(latest, session.time(record, of: source)) }
        let found =
            if window.includes(chunk, in: session) {
                try read(chunk, session)
            } else if window.isBefore(chunk, in: session) {
                changes(chunk, session)
            } else {
                [] as [StoredRecord]
            }
        for facts in chunk.lines {
            if let line = session.numbers[source].line(facts.line) { levels[Int(line.index)] = facts.lastLevel }
        }
        records.add(
            found, of: source, upTo: session.promise(chunk.to, of: source),
            isLast: lastChunks[session.number]?[source] == index)
    }

    private mutating func read(_ chunk: ChunkEntry, _ session: StoredSession) throws(StoreProblem) -> [StoredRecord] {
        let file: any DiskFile
        do throws(DiskError) { file = try disk.openToRead(SegmentWriter.path(chunk.segment)) } catch {
            guard error.errno == .notFound else { throw StoreProblem(error) }
            if !isDropReported { remarks.append("some segments were dropped: what they held is missing") }
            isDropReported = true
            guard ends != nil, dropped.insert(Int(chunk.source)).inserted else { return [] }
            return missing(chunk, session)
        }
        dropped.remove(Int(chunk.source))
        let bytes = try StoredChunk.bytes(chunk, file)
        var sink = session.sink(Int(chunk.source))
        try StoredChunk.decode(chunk, bytes, into: &sink)
        return sink.records
    }

    /// Of a chunk that was dropped: from its first record on nothing is known.
    private func missing(_ chunk: ChunkEntry, _ session: StoredSession) -> [StoredRecord] {
        let source = Int(chunk.source)
        let numbers = session.numbers[source]
        let from = max(window.first, session.time(chunk.earliestRecord ?? chunk.from, of: source))
        let lines = chunk.lines.compactMap { numbers.line($0.line).map { Gap.Subject.line($0) } }
        let devices = chunk.devices.compactMap { numbers.device($0.device).map { Gap.Subject.device($0) } }
        let tags = chunk.tags.compactMap { numbers.tag($0.tag).map { Gap.Subject.tag($0) } }
        return (lines + devices + tags).map { subject in
            StoredRecord(
                .event(
                    .gap(Gap(.notRecorded, subject, .unknown, discovered: from, from: from, to: .distantFuture))))
        }
    }

    /// Of a chunk that is not read: the levels that it led to, where they are others than before it.
    private func changes(_ chunk: ChunkEntry, _ session: StoredSession) -> [StoredRecord] {
        guard let latest = chunk.latestRecord else { return [] }
        let time = session.time(latest, of: Int(chunk.source))
        return chunk.lines.compactMap { facts in
            guard let line = session.numbers[Int(chunk.source)].line(facts.line),
                levels[Int(line.index)] != facts.lastLevel
            else { return nil }
            guard facts.lastLevel != 0 else {
                return StoredRecord(
                    .event(
                        .gap(
                            Gap(
                                .notRecorded, .line(line), .unknown, discovered: time, from: time, to: .distantFuture)))
                )
            }
            return StoredRecord(
                .event(
                    .level(
                        Level(
                            line: line, isHigh: facts.lastLevel == 2, reason: .resumed, notBefore: time,
                            notAfter: time))))
        }
    }

    private var isDropReported = false
}
