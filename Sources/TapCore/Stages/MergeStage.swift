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
            firstEntry += 1
            if entry.time < last { flagLate(at: Int(entry.offset)) } else { last = entry.time }
            let all = cells.span
            let end = Int(entry.offset) + RecordDecoder.length(all, at: Int(entry.offset))
            RecordDecoder.deliver(all.extracting(Int(entry.offset)..<end), to: &sink)
        }
    }

    private func flagLate(at offset: Int) {
        let header = RecordHeader(cells[offset])
        let flag: UInt8 =
            switch header.kind {
            case .edge: Edge.Flags.late.rawValue
            case .scans: ScanBlock.lateFlag
            default: 0
            }
        cells[offset].word1 |= UInt64(flag) << 56
    }
}
