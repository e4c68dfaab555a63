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
    private var lastTime: Timestamp
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

    /// Stages an edge, after a gap if one is due.
    ///
    /// - Parameter arrived: when the event was read.
    @inline(__always)
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
    /// - Returns: true if they disagree but an event may still be under way: read again once the grace is over.
    public mutating func reread(
        _ isHigh: Bool, notBefore: Timestamp, notAfter: Timestamp, into writer: inout RecordWriter
    ) -> Bool {
        guard sawBothEdges, let level, level != isHigh else {
            suspicion = nil
            return false
        }
        guard let suspicion, suspicion.events == events else {
            suspicion = (events, notBefore)
            return true
        }
        guard notBefore - suspicion.since >= grace else { return true }
        writer.gap(
            Gap(
                .levelDisagreement, .line(line), .atLeast(1), discovered: notAfter, from: lastTime,
                to: suspicion.since))
        settle(isHigh, .disagreement, notBefore: notBefore, notAfter: notAfter, into: &writer)
        return false
    }
}
