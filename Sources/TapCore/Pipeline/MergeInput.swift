/// One source's ring as merge sees it, with the records that wait for their turn.
///
/// What waits is in a structure: a class's accesses are checked at run time, so once a call and not once a cell.
public final class MergeInput {
    private var ring: RingConsumer
    private var queue: MergeQueue
    private var feed: RecordFeed?

    public static let usualCapacity = 1 << 16

    /// - Parameters:
    ///   - capacity: cells that may wait here; at least half of the ring's, so that its longest record fits.
    ///   - isPatient: the source waits for room, so whatever it has promised will come: its watermarks are waited for,
    ///     however long that takes. What is given on is then a function of the records alone.
    ///   - longestWait: after which it is not waited for otherwise; nil: after its longest silence.
    public init(
        _ ring: consuming RingConsumer, of info: SourceInfo, capacity: Int = usualCapacity, isPatient: Bool = false,
        longestWait: Nanoseconds? = nil
    ) {
        queue = MergeQueue(
            ofRing: ring.capacity, of: info, capacity: max(capacity, ring.capacity / 2), isPatient: isPatient,
            longestWait: longestWait ?? info.longestSilence + info.allowedLateness)
        self.ring = ring
    }

    /// - Parameter info: what to expect of the source; nil: what it says.
    public convenience init(_ feed: RecordFeed, of info: SourceInfo? = nil, capacity: Int = usualCapacity) {
        let info = info ?? feed.info
        self.init(
            feed.takeRing(), of: info, capacity: capacity, isPatient: feed.isPatient, longestWait: info.longestWait)
        self.feed = feed
    }

    /// Nothing is taken any more.
    func close() { feed?.close() }

    /// Nothing more will come and nothing waits.
    var hasEnded: Bool { queue.hasEnded }
    /// There may be more in the ring that this step should still take.
    var isBehind: Bool { queue.isBehind }
    /// Whether anything was given on since the last `drain`.
    var hasDelivered: Bool { queue.hasDelivered }
    /// Nothing is in the ring, and what waits here waits for the source to go on.
    var isIdle: Bool { queue.isIdle && ring.available(atLeast: 1) == 0 }
    /// Of the ring, from 0 to 1. For display.
    public func fill() -> Double { Double(ring.available(atLeast: .max)) / Double(ring.capacity) }
    /// The time, mapped, of the first record that waits.
    var next: Timestamp? { queue.next }

    /// Up to where nothing more is to be expected; nil: nothing is known yet.
    func promise(at now: Timestamp) -> Timestamp? {
        queue.promise(at: now, isMore: queue.isFull && ring.available(atLeast: 1) > 0)
    }

    /// Up to where the source has promised or said anything, mapped.
    var reached: Timestamp { queue.reached }

    /// A step takes no more than a ringful, so that a source faster than the sink cannot make it endless.
    func beginStep() { queue.beginStep() }

    /// Takes what is in the ring, as much as may wait here.
    func drain() {
        queue.beginDrain()
        var isMore = true
        while isMore, queue.mayTake { isMore = ring.read { queue.take($0) } > 0 }
        queue.order()
    }

    /// Gives on the records of up to `limit`.
    ///
    /// - Parameter last: the time of the latest record given on by any input: what comes before it is late.
    /// - Returns: the time of the first that waits then.
    func deliver(
        upTo limit: Timestamp, last: inout Timestamp, to sink: inout some RecordSink & ~Copyable
    ) -> Timestamp? {
        queue.deliver(upTo: limit, last: &last, to: &sink)
    }
}

/// What a `MergeInput` is.
private struct MergeQueue {
    private let ringCapacity: Int
    private let clock: ClockDomain
    private let longestWait: Nanoseconds
    private let allowedLateness: Nanoseconds
    private let capacity: Int
    /// See `MergeInput.init`.
    private let isPatient: Bool
    /// See `SourceInfo.Capabilities.ordered`.
    private let isOrderedSource: Bool
    /// The latest time, mapped, of any record that was taken.
    private var newest = Timestamp.zero

    /// Whole records, one after the other. Those that were given on stay until `compact`.
    private var cells: [Cell] = []
    /// Takes the place of `cells` when that is compacted.
    private var spare: [Cell] = []
    private var entries: [Entry] = []
    /// Takes the place of `entries` while they are put in order.
    private var spareEntries: [Entry] = []
    private var firstEntry = 0
    private var isOrdered = true
    private var number: UInt64 = 0
    /// Cells of records that were given on.
    private var doneCells = 0
    /// Cells that may still be taken from the ring in this step.
    private var budget = 0
    private var watermark: Timestamp?
    private var hasEndedInRing = false
    /// Whether anything was given on since the last `drain`.
    private(set) var hasDelivered = false

    private struct Entry {
        /// By which it is ordered: the record's, mapped; of an ordered source not before that of the one before it.
        var time: Timestamp
        var number: UInt64
        var offset: Int32
        /// Of a block of scans: how many have been given on.
        var scans: Int32 = 0

        static func < (left: Entry, right: Entry) -> Bool {
            (left.time, left.number) < (right.time, right.number)
        }
    }

    init(ofRing ringCapacity: Int, of info: SourceInfo, capacity: Int, isPatient: Bool, longestWait: Nanoseconds) {
        self.ringCapacity = ringCapacity
        self.capacity = capacity
        self.isPatient = isPatient
        isOrderedSource = info.capabilities.contains(.ordered)
        clock = info.clock
        self.longestWait = longestWait
        allowedLateness = info.allowedLateness
        cells.reserveCapacity(self.capacity)
    }

    /// Nothing more will come and nothing waits.
    var hasEnded: Bool { hasEndedInRing && firstEntry == entries.count }

    /// Nothing can be given on before the source writes.
    var isIdle: Bool {
        guard isPatient, !hasEndedInRing else { return false }
        guard let next, let promise = promise(at: .zero, isMore: false) else { return true }
        return next > promise
    }

    /// No more can be drained before something is delivered: the longest record might not fit.
    var isFull: Bool { cells.count + ringCapacity / 4 > capacity }

    /// The same, and letting go of what was given on would not change that.
    private var isStuck: Bool { isFull && doneCells < cells.count / 2 }

    /// There may be more in the ring that this step should still take.
    var isBehind: Bool { isFull && budget > 0 }

    /// The time, mapped, of the first record that waits.
    var next: Timestamp? { firstEntry < entries.count ? entries[firstEntry].time : nil }

    /// Up to where the source has promised or said anything, mapped.
    var reached: Timestamp { max(newest, watermark ?? .zero) }

    /// Up to where nothing more is to be expected; nil: nothing is known yet.
    ///
    /// When no more fits here, the watermark may be stuck in the ring behind what waits, and waiting for it would be
    /// waiting for ever. Then the earlier half is taken as complete: better late than lost. A patient input does so only
    /// if nothing that waits here is covered, which a source prevents that keeps to `SourceInfo.longestRun`.
    func promise(at now: Timestamp, isMore: Bool) -> Timestamp? {
        if hasEndedInRing { return .distantFuture }
        var promise = watermark
        func atLeast(_ time: Timestamp) { promise = max(promise ?? .zero, time) }
        if isOrderedSource, newest > .zero { atLeast(newest - Nanoseconds(1)) }
        if isPatient {
            guard let next, next > promise ?? .zero else { return promise }
        } else {
            // As if it had given its latest watermark then.
            if now > .zero + longestWait { atLeast(now - longestWait) }
        }
        if isStuck, firstEntry < entries.count, isMore {
            atLeast(entries[(firstEntry + entries.count - 1) / 2].time)
        }
        return promise
    }

    /// A step takes no more than a ringful, so that a source faster than the sink cannot make it endless.
    mutating func beginStep() { budget = ringCapacity }

    mutating func beginDrain() {
        hasDelivered = false
        if firstEntry == entries.count {
            entries.removeAll(keepingCapacity: true)
            cells.removeAll(keepingCapacity: true)
            firstEntry = 0
            doneCells = 0
            isOrdered = true
        } else if isFull, doneCells >= cells.count / 2 {
            compact()
        }
    }

    var mayTake: Bool { !isFull && budget > 0 }

    /// Takes as many whole records as may wait here.
    ///
    /// - Returns: their cells.
    mutating func take(_ there: Span<Cell>) -> Int {
        var offset = 0
        while offset < there.count {
            let length = RecordDecoder.length(there, at: offset)
            guard cells.count + length <= capacity else { break }
            keep(there.extracting(offset..<offset + length))
            offset += length
        }
        budget -= offset
        return offset
    }

    private mutating func keep(_ record: Span<Cell>) {
        let header = RecordHeader(record[0])
        let time = header.time + clock.offsetToMonotonic
        switch header.kind {
        case .pad: break
        case .watermark:
            if time >= .zero + allowedLateness { watermark = max(watermark ?? .zero, time - allowedLateness) }
        case .end: hasEndedInRing = true
        default:
            newest = max(newest, time)
            if !isOrderedSource, let last = entries.last, time < last.time { isOrdered = false }
            entries.append(
                Entry(time: isOrderedSource ? newest : time, number: number, offset: Int32(cells.count)))
            number &+= 1
            for index in record.indices { cells.append(record[index]) }
        }
    }

    /// Forgets what was given on. Costs a copy of what waits, so it is done only when that is the smaller half.
    private mutating func compact() {
        entries.removeFirst(firstEntry)
        firstEntry = 0
        spare.reserveCapacity(capacity)
        for index in entries.indices {
            let offset = Int(entries[index].offset)
            entries[index].offset = Int32(spare.count)
            spare.append(contentsOf: cells[offset..<offset + RecordHeader(cells[offset]).cells])
        }
        swap(&cells, &spare)
        spare.removeAll(keepingCapacity: true)
        doneCells = 0
    }

    mutating func order() {
        guard !isOrdered else { return }
        entries.removeFirst(firstEntry)
        firstEntry = 0
        while mergeRuns() > 1 {}
        isOrdered = true
    }

    /// Merges each run of entries that are in order with the next one.
    ///
    /// Not `sort`, which allocates at each call: what waits here are a few runs, one of each line or block of a chunk.
    ///
    /// - Returns: how many runs there are then.
    private mutating func mergeRuns() -> Int {
        spareEntries.reserveCapacity(entries.count)
        var runs = 0
        var first = 0
        while first < entries.count {
            let second = endOfRun(from: first)
            let end = second < entries.count ? endOfRun(from: second) : second
            var (left, right) = (first, second)
            while left < second, right < end {
                if entries[right] < entries[left] {
                    spareEntries.append(entries[right])
                    right += 1
                } else {
                    spareEntries.append(entries[left])
                    left += 1
                }
            }
            spareEntries.append(contentsOf: entries[left..<second])
            spareEntries.append(contentsOf: entries[right..<end])
            first = end
            runs += 1
        }
        swap(&entries, &spareEntries)
        spareEntries.removeAll(keepingCapacity: true)
        return runs
    }

    private func endOfRun(from first: Int) -> Int {
        var next = first + 1
        while next < entries.count, !(entries[next] < entries[next - 1]) { next += 1 }
        return next
    }

    /// Gives on the records of up to `limit`.
    ///
    /// - Parameter last: the time of the latest record given on by any input: what comes before it is late.
    mutating func deliver(
        upTo limit: Timestamp, last: inout Timestamp, to sink: inout some RecordSink & ~Copyable
    ) -> Timestamp? {
        while firstEntry < entries.count, entries[firstEntry].time <= limit {
            hasDelivered = true
            let entry = entries[firstEntry]
            let offset = Int(entry.offset)
            if RecordHeader(cells[offset]).kind == .scans {
                deliverScans(upTo: limit, last: &last, to: &sink)
                continue
            }
            let isLate = (isOrderedSource ? time(at: offset) : entry.time) < last
            if !isLate { last = entry.time }
            if isLate {
                var header = RecordHeader(cells[offset])
                header.isLate = true
                cells[offset] = header.cell
            }
            let length = RecordDecoder.length(cells.span, at: offset)
            RecordDecoder.deliver(cells.span.extracting(offset..<offset + length), to: &sink)
            finishFirst(ofCells: length)
        }
        return next
    }

    /// Of the record there, mapped.
    private func time(at offset: Int) -> Timestamp { RecordHeader(cells[offset]).time + clock.offsetToMonotonic }

    /// Gives on those scans of the first record, a block, whose time has come: a block spans time, and other records,
    /// also of the same source, lie within.
    private mutating func deliverScans(
        upTo limit: Timestamp, last: inout Timestamp, to sink: inout some RecordSink & ~Copyable
    ) {
        let entry = entries[firstEntry]
        let offset = Int(entry.offset)
        let range = offset..<offset + RecordHeader(cells[offset]).cells
        var part = ScanBlock(cells.span.extracting(range))
        let done = Int(entry.scans)
        let left = part.count - done
        let isLate = entry.time < last
        // An ordered source's records keep their place, and their flag.
        part.isLate =
            part.isLate || isLate || isOrderedSource && time(at: offset) + part.period * Int64(done) < last
        // The late scans of a block are given on without the others.
        var until = isLate ? min(limit, last - Nanoseconds(1)) : limit
        if firstEntry + 1 < entries.count {
            let next = entries[firstEntry + 1]
            until = min(until, entry.number < next.number ? next.time : next.time - Nanoseconds(1))
        }
        let period = part.period
        part.count = left
        if period > .zero {
            // The limit may be the end of time.
            let spanned = min(until, entry.time + period * Int64(left)) - entry.time
            part.count = min(left, Int(spanned.count / period.count) + 1)
        }
        part.firstTime = part.firstTime + period * Int64(done)
        part.sequence &+= UInt64(done)
        let skipped = done * part.bytesPerScan
        RecordDecoder.deliver(part, from: cells.span.extracting(range), skipping: skipped, to: &sink)
        last = max(last, period > .zero ? entry.time + period * Int64(part.count - 1) : entry.time)
        if part.count == left {
            finishFirst(ofCells: range.count)
        } else {
            entries[firstEntry].scans += Int32(part.count)
            entries[firstEntry].time = entry.time + period * Int64(part.count)
            var index = firstEntry
            while index + 1 < entries.count, entries[index + 1] < entries[index] {
                entries.swapAt(index, index + 1)
                index += 1
            }
        }
    }

    private mutating func finishFirst(ofCells count: Int) {
        firstEntry += 1
        doneCells += count
    }
}
