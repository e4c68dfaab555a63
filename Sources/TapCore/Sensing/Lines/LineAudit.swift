/// What is known of one line, and what its events give away about events that never came.
///
/// Fed with a line's events in the order in which the kernel gave them, and with levels that were read. Writes edges,
/// and a `Gap` where numbers jump, where two edges of one direction follow each other, or where a level that is read
/// is not the one the edges lead to. A pulse that is shorter than the interrupt's latency can still leave no trace:
/// that no gap was found does not prove that nothing was lost.
public struct LineAudit: Sendable {
    public let line: LineID
    private let sawBothEdges: Bool
    private let isNumbered: Bool
    /// How long an event may be under way between its interrupt and its queue.
    private let grace: Nanoseconds

    private var lastSequence: UInt32 = 0
    private(set) var lastTime: Timestamp
    /// The level after the last event or reading; nil: not known.
    public private(set) var level: Bool?
    /// The bracket of the last reading that was taken as truth.
    private var readFrom = Timestamp.zero
    private var readTo = Timestamp.zero
    /// Events since birth.
    public private(set) var events: UInt64 = 0
    private var suspicion: (events: UInt64, since: Timestamp)?

    /// - Parameters:
    ///   - isNumbered: events carry the kernel's line_seqno; otherwise they are counted here.
    ///   - start: nothing before this time is spoken of.
    ///   - grace: how much later than a reading an event that explains it may still come.
    public init(
        _ line: LineID, edges: LineOptions.Edges, isNumbered: Bool, start: Timestamp,
        grace: Nanoseconds = .milliseconds(50)
    ) {
        self.line = line
        sawBothEdges = edges == .both
        self.isNumbered = isNumbered
        self.grace = grace
        lastTime = start
    }

    /// Takes a level that was read as the truth, as at the start, and writes it.
    public mutating func settle(
        _ isHigh: Bool, _ reason: Level.Reason, notBefore: Timestamp, notAfter: Timestamp,
        into writer: inout RecordWriter
    ) {
        level = isHigh
        readFrom = notBefore
        readTo = notAfter
        suspicion = nil
        if reason != .muted { lastTime = max(lastTime, notBefore) }
        writer.level(
            Level(line: line, isHigh: isHigh, reason: reason, notBefore: notBefore, notAfter: notAfter))
    }

    /// The line was requested anew: its numbers start again at 1.
    public mutating func restart() {
        lastSequence = 0
        level = nil
        suspicion = nil
    }

    /// Stages the edges of a batch of events, each after a gap if one is due, and publishes them.
    ///
    /// - Parameter arrived: when the batch was read.
    public mutating func take(_ events: Span<LineEvent>, arrived: Timestamp, into writer: inout RecordWriter) {
        var position = 0
        while position < events.count {
            position += takeRegular(events.extracting(droppingFirst: position), arrived, into: &writer)
            guard position < events.count else { break }
            let event = events[position]
            self.event(
                at: event.time, sequence: event.sequence, isRising: event.isRising, arrived: arrived, into: &writer)
            position += 1
        }
        writer.publish()
    }

    /// Stages edges up to the first that is not simply the next one, or as many as there is room for.
    ///
    /// The hot loop: everything it needs is in registers, and it calls nothing.
    ///
    /// - Returns: how many.
    private mutating func takeRegular(
        _ events: Span<LineEvent>, _ arrived: Timestamp, into writer: inout RecordWriter
    ) -> Int {
        guard isNumbered else { return 0 }
        var number = lastSequence
        // The direction that would repeat the last one: 0 or 1, or neither.
        var repeated: UInt32 = 2
        if sawBothEdges, let level { repeated = level ? 1 : 0 }
        let (line, alternates) = (line, sawBothEdges)
        // Later than the last reading, and in order of time.
        var earliest = readTo + Nanoseconds(1)
        let taken = writer.edges(events, arrived: arrived) { cells in
            for index in cells.indices {
                let event = events[index]
                let direction = min(event.rising, 1)
                guard event.sequence == number &+ 1, direction != repeated, event.time >= earliest else { return index }
                number = event.sequence
                earliest = event.time
                if alternates { repeated = direction }
                let flags = Edge.Flags(rawValue: UInt8(truncatingIfNeeded: direction))
                cells[index] = Edge(time: event.time, line: line, sequence: number, flags: flags).cell
            }
            return cells.count
        }
        guard taken > 0 else { return 0 }
        lastSequence = number
        lastTime = events[taken - 1].time
        level = events[taken - 1].isRising
        self.events &+= UInt64(taken)
        return taken
    }

    /// Stages an edge, after a gap if one is due.
    ///
    /// - Parameter arrived: when the event was read.
    public mutating func event(
        at time: Timestamp, sequence: UInt32, isRising: Bool, arrived: Timestamp, into writer: inout RecordWriter
    ) {
        var flags: Edge.Flags = isRising ? .rising : []
        let number = isNumbered ? sequence : lastSequence &+ 1
        if number != lastSequence &+ 1 || (isRising == level && sawBothEdges) || time <= readTo {
            flags.formUnion(examine(at: time, number: number, isRising: isRising, arrived: arrived, into: &writer))
        } else {
            level = isRising
        }
        if !isNumbered { flags.insert(.unnumbered) }
        lastSequence = number
        lastTime = time
        events &+= 1
        writer.edge(Edge(time: time, line: line, sequence: number, flags: flags), arrived: arrived)
    }

    /// The rare cases of `event`.
    private mutating func examine(
        at time: Timestamp, number: UInt32, isRising: Bool, arrived: Timestamp, into writer: inout RecordWriter
    ) -> Edge.Flags {
        var flags: Edge.Flags = []
        let missed = number &- lastSequence &- 1
        if missed != 0 {
            flags.insert(.missedBefore)
            writer.gap(
                Gap(
                    .kernelQueueOverflow, .line(line), .exactly(UInt64(missed)), discovered: arrived,
                    from: min(lastTime, time), to: time))
        }
        if sawBothEdges, time > readTo, let level, isRising == (missed % 2 == 0 ? level : !level),
            missed == 0 || lastTime > readTo
        {
            // Directions alternate, also among those that a full queue dropped: one more is missing. Where a level was
            // read in between, nobody knows how many were dropped before it.
            flags.insert(.missedBefore)
            writer.gap(
                Gap(
                    .repeatedPolarity, .line(line), .atLeast(1), discovered: arrived, from: min(lastTime, time),
                    to: time))
        }
        // An event from before the reading is older than what was read.
        if time >= readFrom { level = isRising }
        return flags
    }

    /// Compares a level read now with the one the events lead to. All events that waited have been given before.
    ///
    public mutating func reread(
        _ isHigh: Bool, notBefore: Timestamp, notAfter: Timestamp, into writer: inout RecordWriter
    ) -> Comparison {
        guard sawBothEdges, let level, level != isHigh else {
            suspicion = nil
            return .agrees
        }
        guard let suspicion, suspicion.events == events else {
            suspicion = (events, notBefore)
            return .doubtful
        }
        guard notBefore - suspicion.since >= grace else { return .doubtful }
        writer.gap(
            Gap(
                .levelDisagreement, .line(line), .atLeast(1), discovered: notAfter, from: lastTime,
                to: suspicion.since))
        settle(isHigh, .disagreement, notBefore: notBefore, notAfter: notAfter, into: &writer)
        return .disagrees
    }

    /// A level that was read, and the one the edges lead to.
    public enum Comparison: Sendable, Hashable {
        /// Or nothing can be said, as of a line whose edges of one direction are captured.
        case agrees
        /// It does not agree, but an event may still be under way: read again once the grace is over.
        case doubtful
        /// It does not agree, and a gap and the level are written.
        case disagrees
    }
}
