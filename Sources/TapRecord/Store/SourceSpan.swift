import TapCore

/// The records of one source in one span of its time, on their way into a chunk, with what the chunk's entry says of them.
///
/// A span is cut at a watermark. Lines, devices and tags are numbered in the session, one behind the other.
struct SourceSpan: Sendable {
    private let source: UInt32
    private let firstLine: UInt16
    private let firstDevice: UInt16
    private let firstTag: UInt16
    private var encoder = SpanEncoder()
    private var lines: [LineSpan]
    private var devices: [Counts]
    private var tags: [Counts]
    private var clockFixes: [ClockFix] = []
    private var notesLost: UInt64 = 0
    private var scans: UInt64 = 0
    private var edges: UInt64 = 0
    private var events: UInt64 = 0
    private var earliest = UInt64.max
    private var latest: UInt64 = 0
    private var earliestGap = UInt64.max
    /// Where it begins: at the source's first stamp, then where the span before it ended.
    private(set) var from: UInt64?
    /// The latest watermark.
    private(set) var watermark: UInt64?

    private struct Counts: Sendable {
        var count: UInt64 = 0
        var losses: UInt32 = 0
        var lost: UInt64 = 0

        mutating func gap(_ gap: Gap) {
            losses |= 1 << UInt32(gap.kind.rawValue)
            lost = lost.addingReportingOverflow(gap.count.known).partialValue
        }
        var isEmpty: Bool { count == 0 && losses == 0 }
    }

    init(_ number: Int, _ info: SourceInfo) { self.init(number, SourceTable(info)) }

    init(_ number: Int, _ table: SourceTable) {
        source = UInt32(number)
        func first(_ subjects: [Subject]) -> UInt16 { UInt16(truncatingIfNeeded: subjects.first?.number ?? 0) }
        (firstLine, firstDevice, firstTag) = (first(table.lines), first(table.devices), first(table.tags))
        lines = Array(repeating: LineSpan(), count: table.lines.count)
        devices = Array(repeating: Counts(), count: table.devices.count)
        tags = Array(repeating: Counts(), count: table.tags.count)
    }

    // Of a store that is looked at

    func has(_ line: LineID) -> Bool { Int(line.index &- firstLine) < lines.count }
    func has(_ device: DeviceID) -> Bool { Int(device.index &- firstDevice) < devices.count }
    func has(_ tag: TagID) -> Bool { Int(tag.index &- firstTag) < tags.count }

    /// By line, whether the longest distance between its readings cannot be computed.
    var unknownDistances: [Bool] { lines.map(\.isDistanceUnknown) }

    /// The next span begins here, whatever came before it.
    mutating func begin(at time: Timestamp) { from = time.nanoseconds }

    /// What the spans before led to is not known.
    mutating func forgetLevels() {
        for index in lines.indices { lines[index].forgetLevel() }
    }

    /// A span of which the records are not there.
    mutating func skip(_ entry: ChunkEntry) {
        for (index, facts) in zip(lines.indices, entry.lines) { lines[index].skip(facts) }
    }

    var byteCount: Int { encoder.byteCount }
    /// No record came in the span.
    var isQuiet: Bool { edges == 0 && scans == 0 && events == 0 }
    /// Whether it holds what is to be on the medium within a second: more than readings that agree.
    private(set) var isUrgent = false

    private mutating func take(_ time: UInt64) {
        if from == nil { from = time }
        earliest = min(earliest, time)
        latest = max(latest, time)
    }

    /// - Parameter cells: each an edge; one at least.
    mutating func edges(_ cells: Span<Cell>) {
        let begin = from ?? Edge(cell: cells[0]).time.nanoseconds
        from = begin
        isUrgent = true
        edges &+= UInt64(cells.count)
        encoder.edges(cells)
        let (first, last) = LineSpan.take(cells, into: &lines, firstLine: firstLine, from: begin)
        (earliest, latest) = (min(earliest, first), max(latest, last))
    }

    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        take(block.firstTime.nanoseconds)
        latest = max(latest, (block.firstTime + block.period * Int64(max(0, block.count - 1))).nanoseconds)
        isUrgent = true
        scans &+= UInt64(block.count)
        devices[Int(block.device.index &- firstDevice)].count += UInt64(block.count)
        encoder.scans(block, raw: raw)
    }

    mutating func event(_ event: Event) {
        take(event.time.nanoseconds)
        events &+= 1
        switch event {
        case .level(let level): lines[Int(level.line.index &- firstLine)].level(level)
        case .reread(let reread): lines[Int(reread.line.index &- firstLine)].reread(reread)
        case .gap(let gap): self.gap(gap)
        case .claim(let claim): tags[Int(claim.tag.index &- firstTag)].count += 1
        case .clockFix(let fix): clockFixes.append(fix)
        case .note: break
        }
        switch event {
        case .reread, .clockFix: break
        default: isUrgent = true
        }
        encoder.event(event)
    }

    private mutating func gap(_ gap: Gap) {
        earliestGap = min(earliestGap, gap.from.nanoseconds)
        switch gap.subject {
        case .line(let line): lines[Int(line.index &- firstLine)].gap(gap)
        case .device(let device): devices[Int(device.index &- firstDevice)].gap(gap)
        case .tag(let tag): tags[Int(tag.index &- firstTag)].gap(gap)
        case .notes: notesLost &+= gap.count.known
        }
    }

    mutating func watermark(at time: Timestamp) {
        if from == nil { from = time.nanoseconds }
        watermark = max(watermark ?? 0, time.nanoseconds)
        encoder.watermark(at: time)
    }

    mutating func sourceEnded(at time: Timestamp) {
        if from == nil { from = time.nanoseconds }
        // What came after the last watermark is in the span too.
        watermark = max(watermark ?? 0, max(time.nanoseconds, latest &+ (isQuiet ? 0 : 1)))
        encoder.sourceEnded(at: time)
    }

    /// Ends the span at the latest watermark; the next one begins there.
    mutating func finish(session: UInt64) -> ChunkDraft {
        let begin = from ?? 0
        let end = max(watermark ?? begin, begin)
        var entry = ChunkEntry()
        entry.session = session
        entry.source = source
        entry.from = Timestamp(nanoseconds: begin)
        entry.to = Timestamp(nanoseconds: end)
        entry.edges = edges
        entry.scans = scans
        entry.events = events
        if !isQuiet {
            entry.earliestRecord = Timestamp(nanoseconds: earliest)
            entry.latestRecord = Timestamp(nanoseconds: latest)
        }
        entry.earliestGap = earliestGap == .max ? nil : Timestamp(nanoseconds: earliestGap)
        for index in lines.indices { entry.lines.append(lines[index].finish(UInt32(firstLine) + UInt32(index))) }
        for (index, counts) in devices.enumerated() where !counts.isEmpty {
            entry.devices.append(
                DeviceFacts(
                    device: UInt32(firstDevice) + UInt32(index), scans: counts.count, losses: counts.losses,
                    lost: counts.lost))
        }
        for (index, counts) in tags.enumerated() where !counts.isEmpty {
            entry.tags.append(
                TagFacts(
                    tag: UInt32(firstTag) + UInt32(index), claims: counts.count, losses: counts.losses,
                    lost: counts.lost))
        }
        entry.clockFixes = clockFixes
        entry.notesLost = notesLost
        let draft = ChunkDraft(entry: entry, chunk: encoder.finish())
        restart(at: end)
        return draft
    }

    private mutating func restart(at time: UInt64) {
        from = time
        for index in devices.indices { devices[index] = Counts() }
        for index in tags.indices { tags[index] = Counts() }
        clockFixes.removeAll(keepingCapacity: true)
        (scans, edges, events, notesLost) = (0, 0, 0, 0)
        (earliest, latest, earliestGap) = (.max, 0, .max)
        isUrgent = false
    }
}
