import TapCore

/// What the entries of a proof say.
struct ProofContents: Sendable {
    var origin = ""
    var provenance = ""
    var initial = InitEntry()
    /// Index and entry.
    var handOvers: [(index: UInt64, entry: HandOverEntry)] = []
    var starts: [StartEntry] = []
    /// By number, of those with chunks.
    var segments: [UInt64: ProofSegment] = [:]
    /// Index and entry, in the order of the log.
    var chunks: [(index: UInt64, entry: ChunkEntry)] = []
    var pauses: [PauseEntry] = []
    /// Index and cosignature.
    var cosignatures: [(index: UInt64, cosignature: EnteredCosignature)] = []
    /// Index and time stamp.
    var timeStamps: [(index: UInt64, stamp: EnteredTimeStamp)] = []
    private var heads: [UInt64: SegmentEntry] = [:]

    /// - Throws: an entry that cannot be read, or that contradicts one before it.
    init(_ entries: some Sequence<(index: UInt64, bytes: [UInt8])>) throws(StoreProblem) {
        for (index, bytes) in entries { try take(index, bytes) }
        guard !handOvers.isEmpty else { throw ProofContents.problem(1, "is not there: no hand-over is") }
    }

    private static func problem(_ index: UInt64, _ what: String) -> StoreProblem {
        StoreProblem("entry \(index)", what, "it is not as 'tap prove' wrote it")
    }

    private mutating func take(_ index: UInt64, _ bytes: [UInt8]) throws(StoreProblem) {
        let entry: LogEntry
        do throws(ProtoProblem) { entry = try LogEntry(decoding: bytes) } catch {
            throw ProofContents.problem(index, "is no entry of a record: \(error)")
        }
        guard entry.isWithinLimits, (index == 0) == entry.isInitial else {
            throw ProofContents.problem(index, "is none that may stand there")
        }
        switch entry {
        case .initial(let entry):
            guard entry.format == 1 else {
                var problem = StoreProblem(
                    "entry 0", "is of format \(entry.format), and this tap knows format 1", "use a newer tap")
                problem.isNewer = true
                throw problem
            }
            initial = entry
            (origin, provenance) = (printable(entry.origin), printable(entry.provenance))
        case .handOver(let entry): handOvers.append((index, entry))
        case .start(let entry):
            guard entry.session > starts.last?.session ?? 0 else {
                throw ProofContents.problem(index, "is of a session that does not follow the one before")
            }
            starts.append(entry)
        case .segment(let entry): heads[entry.number] = entry
        case .chunk(let entry): try take(entry, at: index)
        case .pause(let entry): pauses.append(entry)
        case .remark(let entry):
            if let cosignature = entry.cosignature { cosignatures.append((index, cosignature)) }
            if let stamp = entry.timeStamp { timeStamps.append((index, stamp)) }
        case .seal, .drop, .stop, .cut, .pin, .unpin, .change, .outage: break
        }
    }

    private mutating func take(_ entry: ChunkEntry, at index: UInt64) throws(StoreProblem) {
        guard let head = heads[entry.segment] else {
            throw ProofContents.problem(index, "is of a segment whose entry is not there")
        }
        let behind = segments[entry.segment]?.chunks.last.map { $0.offset + $0.length } ?? head.length
        guard entry.offset >= behind, head.source == entry.source, entry.session == starts.last?.session,
            Int(entry.source) < starts.last?.sources.count ?? 0
        else { throw ProofContents.problem(index, "does not follow in segment \(entry.segment)") }
        segments[entry.segment, default: ProofSegment(entry: head)].chunks.append(entry)
        chunks.append((index, entry))
    }

    /// Places in `cosignatures` of those that are not between chunks.
    var outside: [Int] { cosignatures.indices.filter { isOutside(cosignatures[$0].index) } }
    /// The same of `timeStamps`.
    var stampedOutside: [Int] { timeStamps.indices.filter { isOutside(timeStamps[$0].index) } }

    private func isOutside(_ index: UInt64) -> Bool {
        guard let first = chunks.first?.index, let last = chunks.last?.index else { return false }
        return !(first...last).contains(index)
    }

    func table(_ chunk: ChunkEntry) -> SourceTable {
        starts.first { $0.session == chunk.session }.map { $0.sources[Int(chunk.source)] } ?? SourceTable()
    }
}
