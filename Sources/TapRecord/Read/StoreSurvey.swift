import TapCore

/// What of a store can be read: its sessions and what they record.
struct StoreSurvey {
    private(set) var numbers = StoreNumbers()
    /// Entries that the checkpoint covers, or all where there is none.
    private(set) var size: UInt64 = 0
    private var first: (message: SessionMessage, start: StartEntry)?
    private(set) var origin = ""
    /// Of each session and source, the index of its last chunk's entry; nil: it has none.
    private(set) var lastChunks: [UInt64: [UInt64?]] = [:]
    /// Of the tree of those entries.
    var root: Digest { state.tree.root }
    private var state = StoreState()
    /// Of the newest session; whether a segment has said what it records.
    private var start: StartEntry?
    private var isSessionKnown = false
    /// Of the last entry.
    private var last: Digest?

    /// - Parameters:
    ///   - isPart: of the log there are some entries only, which need not follow each other.
    ///   - visit: takes each entry.
    init(
        _ disk: any Disk, isPart: Bool = false, visit: (UInt64, LogEntry) -> Void = { _, _ in }
    ) throws(StoreProblem) {
        try advance(disk, isPart: isPart, visit: visit)
    }

    /// Takes the entries that are behind those it has.
    mutating func advance(
        _ disk: any Disk, isPart: Bool = false, visit: (UInt64, LogEntry) -> Void
    ) throws(StoreProblem) {
        guard try StoreProblem.catching({ () throws(DiskError) in try disk.contentsIfThere(LogEdge.path) }) != nil
        else {
            throw StoreProblem("log", "is not there: this is no store", "name a directory made by 'tap record init'")
        }
        var reader = try StoreProblem.log { () throws(LogProblem) in try LogReader(on: disk) }
        if let last {
            let entry = try StoreProblem.log { () throws(LogProblem) in try reader.entry(at: size - 1) }
            guard entry.map({ Digest.leaf($0) }) == last else {
                throw StoreProblem(
                    "log", "is another one than before: it was replaced", "start again what reads it")
            }
            reader.seek(to: size)
        }
        while let next = try StoreProblem.log({ () throws(LogProblem) in try reader.next() }) {
            size = next.index + 1
            last = Digest.leaf(next.entry)
            let entry = isPart ? try StoreSurvey.entry(next.entry, at: next.index) : try state.take(next.entry)
            visit(next.index, entry)
            switch entry {
            case .initial(let entry): origin = printable(entry.origin)
            case .start(let entry):
                (start, isSessionKnown) = (entry, false)
                lastChunks[entry.session] = entry.sources.map { _ in nil }
            case .chunk(let entry):
                guard Int(entry.source) < lastChunks[entry.session]?.count ?? 0 else { continue }
                lastChunks[entry.session]?[Int(entry.source)] = next.index
            case .segment(let entry):
                guard !isSessionKnown, let start, let message = StoreSurvey.session(of: entry, start, disk) else {
                    continue
                }
                isSessionKnown = true
                if first == nil { first = (message, start) }
                numbers.add(message.header, start)
            default: break
            }
        }
    }

    private static func entry(_ bytes: [UInt8], at index: UInt64) throws(StoreProblem) -> LogEntry {
        do throws(ProtoProblem) { return try LogEntry(decoding: bytes) } catch {
            throw StoreProblem("entry \(index)", "\(error)", "'tap verify' shows what of it holds")
        }
    }

    /// What a segment's head says of its session; nil: it is not there any more, or not what the log says.
    static func session(of segment: SegmentEntry, _ start: StartEntry, _ disk: any Disk) -> SessionMessage? {
        guard let file = try? disk.openToRead(SegmentWriter.path(segment.number)),
            let scan = try? SegmentScan(file, upTo: segment.length),
            Digest.of(scan.session).bytes == start.headerSHA256,
            let message = try? SessionMessage(decoding: scan.session),
            message.header.sources.count == start.sources.count
        else { return nil }
        return message
    }

    /// Of the capture that the store is.
    func header(_ path: String) -> SessionHeader {
        let recorded = first?.message.header
        var capabilities: SourceInfo.Capabilities = []
        for source in recorded?.sources ?? [] { capabilities.formUnion(source.capabilities) }
        capabilities.remove(.waitsForRoom)
        let sources = recorded?.sources ?? []
        let isOneClock = Set(sources.map(\.clock.offsetToMonotonic)).count <= 1
        let offset = isOneClock ? sources.first?.clock.offsetToMonotonic ?? .zero : .zero
        let source = SourceInfo(
            name: origin, provenance: .replayed, clock: ClockDomain(.file), capabilities: capabilities,
            lines: numbers.lines, devices: numbers.devices, tags: numbers.tags,
            limits: Array(Set(sources.flatMap(\.limits))).sorted())
        var header = SessionHeader(
            version: "", board: recorded?.board ?? origin, origin: (recorded?.origin ?? .zero) - offset,
            fix: recorded?.fix, kernel: recorded?.kernel ?? "", sources: [source],
            shortestPulse: recorded?.shortestPulse, notes: recorded?.notes ?? [])
        header.seed = recorded?.seed
        if let fix = recorded?.fix { header.fix?.monotonic = fix.monotonic - offset }
        return header
    }
}
