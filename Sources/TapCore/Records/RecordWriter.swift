/// The one place where a source's records enter a ring, and where a ring that is full is accounted for.
///
/// Some cells are held back for gaps. A record that finds no room is counted by what it is of; the `Gap` that
/// reports it is written before the next one that fits, at the first `settle` once there is room, and at the end. A gap
/// that says how things are from then on (muted, gone, back) and finds not even those cells free is kept and written
/// then, too.
///
/// Whether a record is late is decided here, once, before any consumer has it: see `judgeLateness`.
/// Nothing here allocates after birth.
public struct RecordWriter: ~Copyable, Sendable {
    /// What to do about a full ring.
    public enum WhenFull: Sendable {
        /// Lose the newest and report it: signals do not wait.
        case refuse
        /// Sources that can (`waitsForRoom`) return `.room`: virtual time waits.
        case wait
    }

    /// Cells that only events other than claims and re-reads, and the end, may use.
    @usableFromInline static let reserve = 64
    /// The smallest ring a writer works with.
    public static let minimumCapacity = 256

    @usableFromInline var ring: RingProducer
    public let whenFull: WhenFull
    let firstLine: Int
    let lineCount: Int
    let firstDevice: Int
    let deviceCount: Int
    let firstTag: Int
    let tagCount: Int
    /// Refused, by line, then by device, then by tag, then notes.
    var refused: [Refused]
    /// How many of `refused` are not empty.
    @usableFromInline var unreported = 0
    /// The lines of which a loss was reported since: a reader does not know their levels.
    private var unknown: [Bool]
    private var unknowns = 0
    /// A record of an earlier time is late, in the source's clock domain.
    @usableFromInline var lateBefore = Timestamp.zero
    /// What was written is in order, so that what goes back is late.
    @usableFromInline var isOrdered = false
    /// Of the source; nil: watermarks make nothing late.
    var allowedLateness: Nanoseconds?
    /// A record that arrives later than so is late; nil: the source is waited for.
    var longestDelay: Nanoseconds?
    var clockOffset = Nanoseconds.zero

    /// Edges that went into the ring.
    public private(set) var edges: UInt64 = 0
    /// Scans that went into the ring.
    public private(set) var scans: UInt64 = 0
    /// From the kernel's stamp of an edge to its being staged here, nanoseconds.
    public private(set) var delays = Histogram()

    /// - Parameters:
    ///   - lines: the session's numbers of this source's lines.
    ///   - devices: likewise of its devices.
    ///   - tags: likewise of its tags.
    public init(
        _ ring: consuming RingProducer, lines: Range<UInt16>, devices: Range<UInt16>, tags: Range<UInt16> = 0..<0,
        whenFull: WhenFull = .refuse
    ) {
        precondition(ring.capacity >= RecordWriter.minimumCapacity, "a record ring has at least 256 cells")
        self.ring = ring
        self.whenFull = whenFull
        firstLine = Int(lines.lowerBound)
        lineCount = lines.count
        firstDevice = Int(devices.lowerBound)
        deviceCount = devices.count
        firstTag = Int(tags.lowerBound)
        tagCount = tags.count
        refused = Array(repeating: Refused(), count: lines.count + devices.count + tags.count + 1)
        unknown = Array(repeating: false, count: lines.count)
    }

    /// The largest `ScanBlock` that this ring takes, in bytes of raw scans.
    public var largestBlock: Int { (ring.capacity / 4 - ScanBlock.headerCells) * 16 }

    /// Cells staged since birth: grows with whatever is written.
    public var staged: UInt64 { UInt64(ring.tail) }

    /// Whether a source that can wait should: true only if the driver lets virtual time wait and there is no room.
    @inlinable
    public mutating func shouldWait(forCells cells: Int = 1) -> Bool {
        guard whenFull == .wait else { return false }
        // Whoever waits writes nothing, so what is unreported would stay so.
        if unreported > 0 { reportRefused(at: .zero) }
        return unreported > 0 || ring.free(atLeast: 2 * cells + RecordWriter.reserve) < 2 * cells + RecordWriter.reserve
    }

    /// Shows consumers all that was written since: once a batch.
    @inlinable @inline(__always)
    public mutating func publish() { ring.publish() }

    /// Stages an edge; `publish()` shows it.
    ///
    /// - Parameter arrived: when it was read, in the clock domain of its stamp: for the statistics of delay.
    @inlinable @inline(__always)
    public mutating func edge(_ edge: Edge, arrived: Timestamp) {
        var edge = edge
        if isLate(edge.time) { edge.flags.insert(.late) }
        if unreported == 0, ring.free(atLeast: 1 + RecordWriter.reserve) > RecordWriter.reserve, ring.stage(edge.cell) {
            count(edge, arrived)
        } else {
            edgeIntoFullRing(edge, arrived)
        }
    }

    @usableFromInline @inline(__always)
    mutating func count(_ edge: Edge, _ arrived: Timestamp) {
        edges &+= 1
        delays.add(UInt64(max(0, (arrived - edge.time).count)))
    }

    /// Stages the edges of `events` in place, as far as there is room in one piece; `publish()` shows them.
    ///
    /// - Parameters:
    ///   - arrived: as of `edge(_:arrived:)`, for all of them.
    ///   - body: fills the span with edges, one for each event from the first on, and returns how many; their times do
    ///     not go back.
    /// - Returns: what `body` returned; 0 if there is no room, which is not accounted for here.
    @inline(__always)
    mutating func edges(
        _ events: Span<LineEvent>, arrived: Timestamp, _ body: (inout MutableSpan<Cell>) -> Int
    ) -> Int {
        guard unreported == 0, !isOrdered, events.isEmpty || events[0].time >= lateBefore else { return 0 }
        let room = ring.free(atLeast: events.count + RecordWriter.reserve) - RecordWriter.reserve
        guard room > 0 else { return 0 }
        let staged = ring.write(atMost: min(events.count, room), body)
        edges &+= UInt64(staged)
        delays.add(falling: staged) {
            let stamp = events[$0].nanoseconds
            return stamp < arrived.nanoseconds ? arrived.nanoseconds &- stamp : 0
        }
        return staged
    }

    @usableFromInline
    mutating func edgeIntoFullRing(_ edge: Edge, _ arrived: Timestamp) {
        reportRefused(at: edge.time, before: 1)
        guard unreported == 0, ring.free(atLeast: 1 + RecordWriter.reserve) > RecordWriter.reserve,
            ring.stage(edge.cell)
        else {
            refuse(.line(edge.line), .exactly(1), from: edge.time, to: edge.time, discovered: edge.time)
            return
        }
        count(edge, arrived)
    }

    /// Writes a block of scans; one without scans is nothing.
    ///
    /// - Parameter raw: `block.byteCount` bytes; at most `largestBlock`, otherwise this traps.
    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        precondition(raw.byteCount == block.byteCount, "a block's bytes are as many as its header says")
        precondition(raw.byteCount <= largestBlock, "a block larger than a quarter of the ring")
        guard block.count > 0 else { return }
        let late = lateScans(of: block)
        if late > 0, late < block.count {
            var (first, rest) = (block, block)
            first.count = late
            rest.count -= late
            rest.firstTime = block.firstTime + block.period * Int64(late)
            rest.sequence &+= UInt64(late)
            scans(first, raw: raw.extracting(first: first.byteCount))
            return scans(rest, raw: raw.extracting(droppingFirst: first.byteCount))
        }
        var block = block
        if isLate(block.firstTime) { block.isLate = true }
        reportRefused(at: block.firstTime, before: block.cells)
        guard unreported == 0, alignForRecord(ofCells: block.cells, keeping: RecordWriter.reserve) else {
            let last = block.firstTime + block.period * Int64(block.count - 1)
            refuse(
                .device(block.device), .exactly(UInt64(block.count)), from: block.firstTime, to: last,
                discovered: last)
            return
        }
        let header = block.encodedHeader
        stage(header.0)
        stage(header.1)
        stage(header.2)
        stage(header.3)
        var offset = 0
        while offset < raw.byteCount {
            let first = RecordWriter.word(of: raw, at: offset)
            stage(Cell(first, RecordWriter.word(of: raw, at: offset + 8)))
            offset += 16
        }
        scans &+= UInt64(block.count)
        publish()
    }

    /// Eight bytes in memory order, zero beyond the end.
    static func word(of raw: RawSpan, at offset: Int) -> UInt64 {
        if offset + 8 <= raw.byteCount {
            return unsafe raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        }
        var word: UInt64 = 0
        for index in 0..<8 where offset + index < raw.byteCount {
            word |= UInt64(raw.load(at: offset + index)) << UInt64(8 * index)
        }
        return UInt64(littleEndian: word)
    }

    /// Writes an event and shows it.
    ///
    /// Where not even the cells held back are free, a level is counted as refused; what a gap counts is added to its
    /// subject's refused records, or if it is of a state, it is kept. A claim has no use of the cells held back, and is
    /// counted as refused by its tag; nor has a note after one that was refused.
    ///
    /// - Returns: false if there was no room.
    @discardableResult
    public mutating func event(_ event: Event) -> Bool {
        guard !isBehindLoss(event), write(event) else {
            if let loss = event.lossIfRefused { refuse(loss) }
            return false
        }
        publish()
        return true
    }

    /// Reports what was refused of the event's kind before it, as far as there is room.
    ///
    /// - Returns: whether something is left: then the event is refused, too.
    private mutating func isBehindLoss(_ event: Event) -> Bool {
        switch event {
        case .gap(let gap) where refused[index(of: gap.subject)].state != nil:
            reportRefused(at: gap.discovered)
            return refused[index(of: gap.subject)].state != nil
        case .claim(let claim):
            reportRefused(at: claim.time, before: EventCells.most)
            return unreported > 0
        case .note(let note):
            if refused[index(of: .notes)].isEmpty { return false }
            reportRefused(at: note.time, before: EventCells.most)
            return !refused[index(of: .notes)].isEmpty
        default: return false
        }
    }

    public mutating func level(_ level: Level) { event(.level(level)) }

    public mutating func gap(_ gap: Gap) { event(.gap(gap)) }

    /// Promises that every record of a time up to this one has been written, but for what comes later by no more than
    /// the source's `allowedLateness`. Also writes gaps that are waiting for room.
    public mutating func watermark(at time: Timestamp) {
        settle(at: time)
        guard unreported == 0, ring.free(atLeast: 1 + RecordWriter.reserve) > RecordWriter.reserve else { return }
        stage(RecordHeader(time: time, count: 1, subject: 0, kind: .watermark, flags: 0).cell)
        publish()
        promised(upTo: time)
    }

    /// Writes what is waiting to be reported, if there is room again.
    public mutating func settle(at now: Timestamp) {
        reportRefused(at: now, before: 1)
        publish()
    }

    /// Reports what is still to be reported and ends the record.
    ///
    /// - Returns: false if there was no room for it: call again once a consumer has made some.
    public mutating func end(at now: Timestamp) -> Bool {
        reportRefused(at: now)
        publish()
        guard unreported == 0, ring.free(atLeast: 1) > 0 else { return false }
        stage(RecordHeader(time: now, count: 1, subject: 0, kind: .end, flags: 0).cell)
        publish()
        return true
    }
}

extension RecordWriter {
    /// Only behind `alignForRecord`, so there is room.
    private mutating func stage(_ cell: Cell) {
        let isStaged = ring.stage(cell)
        assert(isStaged)
    }

    /// Makes the next `cells` cells lie in one piece, with a pad if need be, if that leaves `kept` cells free.
    private mutating func alignForRecord(ofCells cells: Int, keeping kept: Int) -> Bool {
        let pad = ring.contiguous < cells ? ring.contiguous : 0
        let wanted = pad + cells + kept
        guard ring.free(atLeast: wanted) >= wanted else { return false }
        if pad > 0 {
            let header = RecordHeader(time: .zero, count: UInt32(pad), subject: 0, kind: .pad, flags: 0)
            stage(header.cell)
            for _ in 1..<pad { stage(.zero) }
        }
        return true
    }

    /// Into the cells held back, if need be: a gap into all but one, the others so that a gap still fits. What says that
    /// nothing happened takes no room from what does.
    private mutating func write(_ event: Event) -> Bool {
        var event = event
        if isLate(event.time) { event.isLate = true }
        let cells = event.encoded
        let kept =
            switch event {
            case .gap: 1
            case .reread where whenFull == .refuse: ring.capacity / 2
            case .claim: RecordWriter.reserve
            default: Gap.cells
            }
        guard alignForRecord(ofCells: cells.count, keeping: kept) else { return false }
        for index in 0..<cells.count { stage(cells[index]) }
        return true
    }

    private func index(of subject: Gap.Subject) -> Int {
        switch subject {
        case .line(let line): Int(line.index) - firstLine
        case .device(let device): lineCount + Int(device.index) - firstDevice
        case .tag(let tag): lineCount + deviceCount + Int(tag.index) - firstTag
        case .notes: lineCount + deviceCount + tagCount
        }
    }

    private mutating func refuse(
        _ subject: Gap.Subject, _ count: Gap.Count, from: Timestamp, to: Timestamp, discovered: Timestamp
    ) {
        let index = index(of: subject)
        if refused[index].isEmpty { unreported += 1 }
        refused[index].add(count, from: from, to: to, discovered: discovered)
    }

    private mutating func refuse(_ gap: Gap) {
        guard gap.kind.isState else {
            return refuse(gap.subject, gap.count, from: gap.from, to: gap.to, discovered: gap.discovered)
        }
        let index = index(of: gap.subject)
        if refused[index].isEmpty { unreported += 1 }
        refused[index].add(state: gap)
    }

    /// Reports what was refused if the next record, of so many cells, would then fit. Otherwise more is going to be
    /// refused, and a gap for each would eat up the cells that are held back.
    private mutating func reportRefused(at now: Timestamp, before cells: Int) {
        guard unreported > 0 else { return }
        // Two gaps each, and each may need a pad of two.
        let wanted = min(RecordWriter.reserve + cells + 2 * (Gap.cells + 2) * unreported, ring.capacity / 2)
        if ring.free(atLeast: wanted) >= wanted { reportRefused(at: now) }
    }

    @usableFromInline
    mutating func reportRefused(at now: Timestamp) {
        guard unreported > 0 else { return }
        for index in refused.indices where !refused[index].isEmpty {
            let loss = refused[index]
            if loss.count > 0 {
                let gap = Gap(
                    .ringFull, subject(index), loss.reported, discovered: max(now, loss.discovered), from: loss.from,
                    to: loss.to)
                guard write(.gap(gap)) else { return }
                refused[index] = Refused(state: loss.state)
                lose(levelOf: index)
            }
            if let state = loss.state {
                guard write(.gap(state)) else { return }
                refused[index] = Refused()
            }
            unreported -= 1
        }
    }

    private mutating func lose(levelOf index: Int) {
        guard index < lineCount, !unknown[index] else { return }
        unknown[index] = true
        unknowns += 1
    }

    /// Whether `takeUnknownLevel` has an answer for any line.
    var hasUnknownLevels: Bool { unknowns > 0 }

    /// Whether a `Gap` has reported a full ring's loss on the line since this was last asked: its level is to be read and
    /// written again, since the edge that gave it may be what was refused.
    mutating func takeUnknownLevel(of line: LineID) -> Bool {
        guard unknowns > 0 else { return false }
        let index = Int(line.index) - firstLine
        guard unknown[index] else { return false }
        unknown[index] = false
        unknowns -= 1
        return true
    }

    private func subject(_ index: Int) -> Gap.Subject {
        if index < lineCount { return .line(LineID(UInt16(firstLine + index))) }
        let index = index - lineCount
        if index < deviceCount { return .device(DeviceID(UInt16(firstDevice + index))) }
        let tag = index - deviceCount
        return tag < tagCount ? .tag(TagID(UInt16(firstTag + tag))) : .notes
    }
}
