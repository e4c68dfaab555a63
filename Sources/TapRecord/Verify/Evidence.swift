import TapCore

/// What the chunks of a source, one after the other, say of one line, tag or device in one span of its time.
///
/// Rests on their entries; a chunk's records are read where its entry leaves something open: at the borders of the span, for a
/// loss that may reach into it, for the first and last stamp.
struct Evidence {
    let from: UInt64
    let to: UInt64
    private let subject: Gap.Subject
    private let disk: any Disk

    private(set) var count: UInt64 = 0
    private(set) var first = UInt64.max
    private(set) var last: UInt64 = 0
    private(set) var readings: UInt64 = 0
    private(set) var longestDistance: UInt64 = 0
    /// Of the last entry that it rests on.
    private(set) var index: UInt64 = 0

    var state = EvidenceState()
    /// At the begin of the span: 0 unknown, 1 low, 2 high; nil: not yet come there.
    private var levelAtBegin: UInt32?
    /// A reading, claim or scan came after the span, with no loss between.
    private var hasClosing = false
    /// The first loss behind the span begins here.
    private var lostFrom = UInt64.max
    private var isFailingLater = false
    /// Tag: when its source was last heard, or earlier.
    private var heard: UInt64?
    private var wasHeardBefore = false

    /// Before the span: the last chunk with a loss, and the last with readings that agree.
    private var lossChunk: ChunkEntry?
    private var readChunk: ChunkEntry?
    /// Holds the last stamp, which was not read.
    private var lastChunk: ChunkEntry?

    private var coveredFrom: UInt64?
    private var lastEnd: UInt64?
    private var holes: [(UInt64, UInt64)] = []
    private var unread: [String] = []

    init(_ subject: Gap.Subject, from: UInt64, to: UInt64, on disk: any Disk) {
        (self.subject, self.from, self.to, self.disk) = (subject, from, to, disk)
    }

    // Entries

    /// What an entry says of what is asked about.
    private func facts(of chunk: ChunkEntry) -> (count: UInt64, losses: UInt32, line: LineFacts?) {
        switch subject {
        case .line(let line):
            let facts = chunk.lines.first { $0.line == UInt32(line.index) }
            return (facts?.edges ?? 0, facts?.losses ?? 0, facts)
        case .tag(let tag):
            let facts = chunk.tags.first { $0.tag == UInt32(tag.index) }
            return (facts?.claims ?? 0, facts?.losses ?? 0, nil)
        case .device(let device):
            let facts = chunk.devices.first { $0.device == UInt32(device.index) }
            return (facts?.scans ?? 0, facts?.losses ?? 0, nil)
        case .notes: return (0, 0, nil)
        }
    }

    mutating func take(_ chunk: ChunkEntry, at index: UInt64) {
        cover(chunk, index)
        let facts = facts(of: chunk)
        guard let earliest = chunk.earliestRecord?.nanoseconds, let latest = chunk.latestRecord?.nanoseconds else {
            return
        }
        guard latest >= from else { return before(chunk, facts) }
        begin()
        let wasClosed = hasClosing
        if facts.losses != 0, !hasClosing || chunk.earliestGap?.nanoseconds ?? 0 <= to {
            read(chunk)
        } else if earliest > to {
            after(chunk, facts)
        } else if earliest >= from, latest <= to, facts.line?.failed ?? 0 == 0, facts.count == 0 || count > 0 {
            inside(chunk, facts)
        } else {
            read(chunk)
        }
        if hasClosing, !wasClosed { self.index = max(self.index, index) }
    }

    private mutating func cover(_ chunk: ChunkEntry, _ index: UInt64) {
        let (begin, end) = (chunk.from.nanoseconds, chunk.to.nanoseconds)
        defer { lastEnd = end }
        if let lastEnd, lastEnd != begin {
            state.level = 0
            if min(lastEnd, begin) <= to, max(lastEnd, begin) >= from, holes.count < 3 {
                holes.append((lastEnd, begin))
            }
        }
        guard begin <= to, end >= from else { return }
        if coveredFrom == nil { coveredFrom = begin }
        coveredTo = max(coveredTo, end)
        self.index = max(self.index, index)
    }

    private var coveredTo: UInt64 = 0

    /// All of its records come before the span.
    private mutating func before(_ chunk: ChunkEntry, _ facts: (count: UInt64, losses: UInt32, line: LineFacts?)) {
        if facts.losses != 0 { (lossChunk, readChunk) = (chunk, nil) }
        if let line = facts.line {
            state.level = line.lastLevel
            if line.firstReading != nil || line.edges > 0 { state.hasFollowed = true }
            if line.agreed > 0 { readChunk = chunk }
        }
        hear(chunk)
    }

    private mutating func hear(_ chunk: ChunkEntry) {
        guard case .tag = subject, chunk.tags.contains(where: { $0.claims > 0 }) else { return }
        let (earliest, latest) = (chunk.earliestRecord?.nanoseconds ?? 0, chunk.latestRecord?.nanoseconds ?? 0)
        if latest < from { wasHeardBefore = true }
        if latest >= from, let heard { longestDistance = max(longestDistance, latest - min(latest, heard)) }
        heard = earliest
    }

    /// At the first chunk that is not before the span: what the line was like there.
    private mutating func begin() {
        guard !hasBegun else { return }
        hasBegun = true
        let led = state.level
        guard let lossChunk else {
            if led == 0, let readChunk { read(readChunk) }
            return
        }
        let followed = state.hasFollowed
        read(lossChunk)
        // A level or an edge ends what a file did not record, without a gap of its own.
        if state.isNotRecorded, led != 0 || followed { state.endUnknown() }
        if led != 0 { state.level = led } else if let readChunk { read(readChunk) }
    }

    private var hasBegun = false

    private mutating func inside(_ chunk: ChunkEntry, _ facts: (count: UInt64, losses: UInt32, line: LineFacts?)) {
        settle()
        count += facts.count
        if facts.count > 0 { lastChunk = chunk }
        hear(chunk)
        if case .tag = subject { readings += chunk.tags.reduce(0) { $0 + $1.claims } }
        guard let line = facts.line else { return }
        readings += line.agreed
        longestDistance = max(longestDistance, line.longestDistance)
        if line.edges > 0 { state.lastEdge = max(state.lastEdge, chunk.latestRecord?.nanoseconds ?? 0) }
        state.level = line.lastLevel
    }

    /// All of its records come after the span.
    private mutating func after(_ chunk: ChunkEntry, _ facts: (count: UInt64, losses: UInt32, line: LineFacts?)) {
        settle()
        guard !hasClosing else { return }
        hear(chunk)
        switch subject {
        case .line:
            guard let line = facts.line else { return }
            // Readings that failed may have begun in the span.
            if line.failed > 0, !isFailingLater {
                read(chunk)
                isFailingLater = true
            }
            longestDistance = max(longestDistance, line.longestDistance)
            guard line.agreed > 0, let begin = line.firstReading, let end = line.lastReading, end >= to else { return }
            if lostFrom == .max { hasClosing = true } else if begin < lostFrom { read(chunk) }
        case .tag: hasClosing = chunk.tags.contains { $0.claims > 0 }
        case .device: hasClosing = facts.count > 0
        case .notes: break
        }
    }

    private mutating func settle() { if levelAtBegin == nil { levelAtBegin = state.level } }

    // Records

    private func records(of chunk: ChunkEntry) throws(StoreProblem) -> [EvidenceSink.Record] {
        let file = try StoreProblem.catching { () throws(DiskError) in
            try disk.openToRead(SegmentWriter.path(chunk.segment))
        }
        let bytes = try StoredChunk.bytes(chunk, file)
        var sink = EvidenceSink(subject)
        try StoredChunk.decode(chunk, bytes, into: &sink)
        return sink.records
    }

    private mutating func read(_ chunk: ChunkEntry) {
        do throws(StoreProblem) {
            for record in try records(of: chunk) { take(record) }
            if let line = facts(of: chunk).line, chunk.latestRecord?.nanoseconds ?? 0 >= from {
                longestDistance = max(longestDistance, line.longestDistance)
            }
        } catch {
            guard unread.count < 3 else { return }
            unread.append(
                error.disk?.errno == .notFound
                    ? "\(SegmentWriter.path(chunk.segment)) is not there: dropped or removed"
                    : "\(error.subject): \(error.what)")
        }
    }

    private mutating func take(_ record: EvidenceSink.Record) {
        switch record {
        case .edge(let time, let isRising):
            if time >= from { settle() }
            let isNewest = state.edge(at: time, isRising: isRising, from: from, to: to)
            if time < from, isNewest, levelAtBegin != nil { levelAtBegin = isRising ? 2 : 1 }
            event(time, time, 1)
        case .level(let level):
            if level.notAfter.nanoseconds >= from { settle() }
            state.level(level, from: from, to: to)
            // It is taken as it is, and says nothing of what was before.
            if level.notBefore.nanoseconds >= from, level.notAfter.nanoseconds <= to { readings += 1 }
        case .reread(let reread):
            if reread.to.nanoseconds >= from { settle() }
            state.reread(reread, from: from, to: to)
            if reread.agreed > 0 {
                reading(reread)
            }
        case .gap(let gap):
            if gap.discovered.nanoseconds >= from { settle() }
            state.gap(gap, from: from, to: to)
            if gap.from.nanoseconds > to { lostFrom = min(lostFrom, gap.from.nanoseconds) }
        case .claim(let time, let isOfSubject):
            if time <= from { wasHeardBefore = true }
            if time >= from, let heard { longestDistance = max(longestDistance, time - min(time, heard)) }
            heard = max(heard ?? 0, time)
            if time >= from, time <= to { readings += 1 }
            if time >= to, time < lostFrom { hasClosing = true }
            if isOfSubject { event(time, time, 1) }
        case .scans(let block): scans(block)
        }
    }

    private mutating func event(_ begin: UInt64, _ end: UInt64, _ number: UInt64) {
        guard begin >= from, end <= to else { return }
        count += number
        first = min(first, begin)
        last = max(last, end)
    }

    private mutating func scans(_ block: ScanBlock) {
        let (begin, period) = (block.firstTime.nanoseconds, UInt64(max(0, block.period.count)))
        for number in 0..<UInt64(block.count) {
            let time = begin &+ number &* period
            if time >= to, time < lostFrom { hasClosing = true }
            event(time, time, 1)
        }
    }

    private mutating func reading(_ reread: Reread) {
        let (begin, end) = (reread.from.nanoseconds, reread.to.nanoseconds)
        guard end >= from, !hasClosing else { return }
        // Of several readings, those at the borders may lie on either side.
        readings += UInt64(reread.agreed)
        // One record stands for several readings, also of before a loss: the first begins it.
        let isFirstBehind = begin >= to && begin < lostFrom && reread.failed == 0
        if lostFrom == .max ? end >= to : isFirstBehind { hasClosing = true }
    }

    // What follows from it

    /// Once all chunks were taken.
    mutating func finish() {
        begin()
        settle()
        guard let chunk = lastChunk else { return }
        let (found, seen) = (count, readings)
        read(chunk)
        (count, readings) = (found, seen)
    }

    var isHigh: Bool? { levelAtBegin.flatMap { $0 == 0 ? nil : $0 == 2 } }

    /// Why nothing can be said of the span; empty: something can.
    func reasons(_ table: SourceTable) -> [String] {
        var reasons = unread
        if coveredFrom.map({ $0 > from }) ?? true || coveredTo < to {
            reasons.append("not all of the span was recorded: off, or not yet on the medium")
        }
        for hole in holes {
            reasons.append("nothing is known from \(hole.0) to \(hole.1) ns of source '\(printable(table.name))'")
        }
        reasons += state.reasons(to: to)
        guard reasons.isEmpty else { return reasons }
        switch subject {
        case .line:
            guard count == 0 else { break }
            if !SourceInfo.Capabilities(rawValue: table.capabilities).contains(.readsLevels) {
                return [
                    "the source does not read levels, so that a line that is quiet and one that is dead look the same"
                ]
            }
            if !hasClosing { return ["the level was not read again after the end of the span"] }
            if isHigh == nil { return ["the level at the begin of the span is not known"] }
        case .tag:
            if count == 0, !wasHeardBefore || !hasClosing {
                return ["its source was not heard \(wasHeardBefore ? "after the end" : "before the begin") of the span"]
            }
        case .device:
            if count == 0 { return ["not one scan is there"] }
            if !hasClosing { return ["no scan came after the end of the span, which would show what is missing"] }
        case .notes: break
        }
        return []
    }
}
