/// Brings the records of several sources into one order and gives them to a sink.
///
/// The order is (time, source, record number), times mapped to the gateway's monotonic clock. A record is given on
/// once every source has promised, by a watermark, that nothing earlier is to come. What comes all the same is given
/// on at once and flagged late. A source that has ended, or is silent for longer than it says it may be, holds
/// nothing back.
///
/// At most `capacity` cells of a source wait here; beyond that they wait in its ring, and the ring tells its loss.
public final class MergeStage<Sink: RecordSink & ~Copyable>: Stage {
    public let name = "merge"
    public private(set) var failure: TapError?
    private var inputs: [MergeInput]
    private var sink: Sink
    private var delivered = Timestamp.zero
    private let tick: Nanoseconds
    private var isFinished = false

    /// - Parameter tick: how often rings are drained.
    public init(_ inputs: [MergeInput], into sink: consuming Sink, tick: Nanoseconds = .milliseconds(5)) {
        self.inputs = inputs
        self.sink = sink
        self.tick = tick
    }

    public func start(at now: Timestamp) -> Wake { .at(now + tick) }

    public func step(at now: Timestamp) -> Wake {
        guard !isFinished else { return .ended }
        do throws(TapError) {
            repeat {
                for input in inputs { input.drain() }
                deliver(upTo: horizon(at: now))
            } while inputs.contains { $0.isFull && $0.canDeliver }
            try sink.batchEnded(at: now)
            guard inputs.allSatisfy({ $0.hasEnded }) else { return .at(now + tick) }
            isFinished = true
            try sink.finish(at: now)
        } catch {
            isFinished = true
            failure = error
        }
        return .ended
    }

    /// Ends when its sources have: nothing that is in a ring is left there.
    public func requestStop() {}

    /// Gives the sink to `body`, once the stage has ended or from its own thread.
    public func withSink<Result: ~Copyable>(_ body: (inout Sink) -> Result) -> Result { body(&sink) }

    private func horizon(at now: Timestamp) -> Timestamp {
        var horizon = Timestamp.distantFuture
        for input in inputs { horizon = min(horizon, input.promise(at: now)) }
        return horizon
    }

    private func deliver(upTo horizon: Timestamp) {
        for input in inputs { input.canDeliver = false }
        while true {
            var best: MergeInput?
            var bestTime = Timestamp.distantFuture
            // What the best input may deliver up to before another one has to be looked at.
            var limit = horizon
            for input in inputs {
                guard let time = input.next, time <= horizon else { continue }
                if best == nil || time < bestTime {
                    if best != nil { limit = min(limit, bestTime - Nanoseconds(1)) }
                    best = input
                    bestTime = time
                } else {
                    // An input further down the list gives way where times are equal.
                    limit = min(limit, time)
                }
            }
            guard let best else { return }
            best.deliver(upTo: max(limit, bestTime), last: &delivered, to: &sink)
            best.canDeliver = true
        }
    }
}

/// One source's ring as merge sees it, with the records that wait for their turn.
public final class MergeInput {
    private var ring: RingConsumer
    private let clock: ClockDomain
    private let longestSilence: Nanoseconds
    private let allowedLateness: Nanoseconds
    private let capacity: Int

    /// Records as they came, whole, one after the other.
    private var cells: [Cell] = []
    private var entries: [Entry] = []
    private var firstEntry = 0
    private var isOrdered = true
    private var number: UInt64 = 0
    private var watermark = Timestamp.zero
    private(set) var hasEndedInRing = false
    var canDeliver = false

    private struct Entry {
        var time: Timestamp
        var number: UInt64
        var offset: Int32
        /// Of a block of scans: how many have been given on.
        var scans: Int32 = 0
    }

    /// - Parameter capacity: cells that may wait here; at least a quarter of the ring's, so that its longest record fits.
    public init(_ ring: consuming RingConsumer, of info: SourceInfo, capacity: Int = 1 << 16) {
        self.capacity = max(capacity, ring.capacity / 4)
        self.ring = ring
        clock = info.clock
        longestSilence = info.longestSilence
        allowedLateness = info.allowedLateness
        cells.reserveCapacity(self.capacity)
    }

    /// Nothing more will come and nothing waits.
    var hasEnded: Bool { hasEndedInRing && firstEntry == entries.count }

    /// No more can be drained before something is delivered.
    var isFull: Bool { cells.count + ring.capacity / 4 > capacity }

    /// Of the ring, from 0 to 1. For display.
    public func fill() -> Double { Double(ring.available(atLeast: .max)) / Double(ring.capacity) }

    /// The time, mapped, of the first record that waits.
    var next: Timestamp? { firstEntry < entries.count ? entries[firstEntry].time : nil }

    /// Up to where nothing more is to be expected.
    func promise(at now: Timestamp) -> Timestamp {
        if hasEndedInRing { return .distantFuture }
        return max(watermark, now - longestSilence)
    }

    /// Takes what is in the ring, as much as may wait here.
    func drain() {
        if firstEntry == entries.count {
            entries.removeAll(keepingCapacity: true)
            cells.removeAll(keepingCapacity: true)
            firstEntry = 0
            isOrdered = true
        }
        var isMore = true
        while isMore, !isFull {
            let taken = ring.read { there in
                var offset = 0
                while offset < there.count {
                    let length = RecordDecoder.length(there, at: offset)
                    guard cells.count + length <= capacity else { break }
                    take(there.extracting(offset..<offset + length))
                    offset += length
                }
                return offset
            }
            isMore = taken > 0
        }
        order()
    }

    private func take(_ record: Span<Cell>) {
        let header = RecordHeader(record[0])
        let time = header.time + clock.offsetToMonotonic
        switch header.kind {
        case .pad: break
        case .watermark: watermark = max(watermark, time - allowedLateness)
        case .end: hasEndedInRing = true
        case .edge, .level, .gap, .clockFix, .scans:
            if let last = entries.last, time < last.time { isOrdered = false }
            entries.append(Entry(time: time, number: number, offset: Int32(cells.count)))
            number &+= 1
            for index in record.indices { cells.append(record[index]) }
        }
    }

    private func order() {
        guard !isOrdered else { return }
        entries.removeFirst(firstEntry)
        firstEntry = 0
        entries.sort { ($0.time, $0.number) < ($1.time, $1.number) }
        isOrdered = true
    }

    func deliver(upTo limit: Timestamp, last: inout Timestamp, to sink: inout some RecordSink & ~Copyable) {
        while firstEntry < entries.count, entries[firstEntry].time <= limit {
            let entry = entries[firstEntry]
            let isLate = entry.time < last
            if !isLate { last = entry.time }
            let offset = Int(entry.offset)
            if RecordHeader(cells[offset]).kind == .scans {
                deliverScans(upTo: limit, isLate: isLate, last: &last, to: &sink)
                continue
            }
            firstEntry += 1
            if isLate, RecordHeader(cells[offset]).kind == .edge {
                cells[offset].word1 |= UInt64(Edge.Flags.late.rawValue) << 56
            }
            let all = cells.span
            RecordDecoder.deliver(
                all.extracting(offset..<offset + RecordDecoder.length(all, at: offset)), to: &sink)
        }
    }

    /// Gives on those scans of the first block whose time has come: a block spans time, and other records lie within.
    private func deliverScans(
        upTo limit: Timestamp, isLate: Bool, last: inout Timestamp, to sink: inout some RecordSink & ~Copyable
    ) {
        let entry = entries[firstEntry]
        let offset = Int(entry.offset)
        let range = offset..<offset + RecordHeader(cells[offset]).cells
        var part = ScanBlock(cells.span.extracting(range))
        let done = Int(entry.scans)
        var count = part.count - done
        if part.period > .zero {
            // The limit may be the end of time.
            let spanned = (min(limit, entry.time + part.period * Int64(count)) - entry.time).count
            count = min(count, Int(spanned / part.period.count) + 1)
        }
        let left = part.count - done - count
        part.firstTime = part.firstTime + part.period * Int64(done)
        part.sequence += UInt64(done)
        part.count = count
        part.isLate = isLate
        let skipped = done * part.bytesPerScan
        RecordDecoder.deliver(part, from: cells.span.extracting(range), skipping: skipped, to: &sink)
        if !isLate { last = entry.time + part.period * Int64(count - 1) }
        if left == 0 {
            firstEntry += 1
        } else {
            entries[firstEntry].scans += Int32(count)
            entries[firstEntry].time = entry.time + part.period * Int64(count)
            var index = firstEntry
            while index + 1 < entries.count, entries[index + 1].time < entries[index].time {
                entries.swapAt(index, index + 1)
                index += 1
            }
        }
    }
}
