import TapCore

/// What the entries of a log say so far: read once from the first to the last, in constant memory but for what is open.
struct StoreState: Sendable {
    var tree = Tree()
    var initial: InitEntry?
    var handOver: HandOverEntry?
    /// Of the last hand-over in the log.
    var handOverIndex: UInt64 = 0
    var start: StartEntry?
    /// The last session ended in order.
    var hasStopped = true
    /// An operator had recording paused in the session that goes on; nil: it is not.
    var pause: PauseEntry?
    /// Segments without a seal, by number.
    var open: [UInt64: OpenSegment] = [:]
    var nextSegment: UInt64 = 1
    var holdings = Holdings()
    /// IDs of requests that were entered last.
    var requests: [[UInt8]] = []
    /// To the medium since the store was made, in bytes, as a hand-over or stop said last.
    var writtenBytes: UInt64 = 0
    /// Where the next span of each source of the session has to begin; nil: anywhere.
    var spanEnds: [UInt64?] = []

    struct OpenSegment: Sendable, Hashable {
        var entry: SegmentEntry
        /// Behind its last chunk.
        var end: UInt64
    }

    /// Takes the next entry.
    ///
    /// - Throws: what does not follow from those before, in words.
    mutating func take(_ bytes: [UInt8]) throws(StoreProblem) -> LogEntry {
        let index = tree.size
        func problem(_ what: String) -> StoreProblem {
            StoreProblem("entry \(index)", what, "the log was altered or written by another program")
        }
        let entry: LogEntry
        do throws(ProtoProblem) { entry = try LogEntry(decoding: bytes) } catch {
            throw problem("is no entry of a record: \(error)")
        }
        guard entry.isWithinLimits else { throw problem("has a number or a place that the format does not allow") }
        if (index == 0) != entry.isInitial { throw problem(index == 0 ? "is not the init" : "is a second init") }
        switch entry {
        case .initial(let entry):
            guard entry.format == 1 else {
                var problem = StoreProblem(
                    "entry 0", "is of format \(entry.format), and this tap knows format 1", "use a newer tap")
                problem.isNewer = true
                throw problem
            }
            initial = entry
        case .handOver(let entry):
            guard entry.epoch == (handOver?.epoch ?? 0) &+ 1 else { throw problem("epochs do not follow each other") }
            guard entry.size == index, entry.root == tree.root.bytes else {
                throw problem("states another tree than that of the entries before it")
            }
            handOver = entry
            handOverIndex = index
            writtenBytes = max(writtenBytes, entry.writtenBytes)
        case .start(let entry):
            guard entry.session == (start?.session ?? 0) &+ 1 else {
                throw problem("sessions do not follow each other")
            }
            start = entry
            hasStopped = false
            pause = nil
            spanEnds = Array(repeating: nil, count: entry.sources.count)
        case .segment(let entry):
            guard entry.number >= nextSegment, entry.session == start?.session, Int(entry.source) < spanEnds.count
            else {
                throw problem("segment \(entry.number) does not follow")
            }
            open[entry.number] = OpenSegment(entry: entry, end: entry.length)
            nextSegment = entry.number + 1
        case .chunk(let entry):
            guard var segment = open[entry.segment], segment.end == entry.offset, segment.entry.source == entry.source,
                entry.offset + entry.length + LogEntry.leastBehindChunks <= segment.entry.size
            else { throw problem("a chunk does not follow in segment \(entry.segment)") }
            segment.end = entry.offset + entry.length
            open[entry.segment] = segment
            if Int(entry.source) < spanEnds.count { spanEnds[Int(entry.source)] = entry.to.nanoseconds }
        case .seal(let entry):
            guard let segment = open.removeValue(forKey: entry.segment), segment.end == entry.offset else {
                throw problem("a seal does not follow in segment \(entry.segment)")
            }
        case .cut(let entry): if entry.isGivenUp { open[entry.segment] = nil }
        case .stop(let entry):
            hasStopped = true
            pause = nil
            writtenBytes = max(writtenBytes, entry.writtenBytes)
        case .pause(let entry): pause = entry.ends || hasStopped ? nil : entry
        case .drop, .remark, .pin, .unpin, .change, .outage: break
        }
        holdings.take(entry)
        if let id = entry.requestID { requests = requests.suffix(StoreState.mostRequests - 1) + [id] }
        tree.append(Digest.leaf(bytes))
        return entry
    }

    private static let mostRequests = 256

    /// As they are on the medium.
    mutating func setSizes(_ sizes: [UInt64: UInt64]) { holdings.setSizes(sizes) }
}
