/// Where stamps are of a wall clock that may be set while it is listened to: takes each step out of the stamps, so that
/// times go on as the clock ran at the start.
///
/// A wall clock and the monotonic one are disciplined alike, so their distance changes only where the wall clock is set.
/// A step is noticed when the clocks are next read; what was stamped before it may be read after it, so for a while both
/// distances may hold. Of the two times that a stamp may then mean, the earlier one is taken that lies behind what was
/// taken before: no time is later than the event was, and the order of a line's events is kept.
struct WallClockSteps: Sendable {
    private let wall: any TapClock
    /// The wall clock as it ran at the start, by the monotonic one.
    private let steady: any TapClock
    private let tolerance: Nanoseconds
    /// All steps together: the wall clock is ahead of the steady one by so much.
    private(set) var ahead = Nanoseconds.zero
    /// Until this time there may be stamps from before the last step, when it was ahead by so much.
    private var before: (until: Timestamp, ahead: Nanoseconds)?
    private var looked = Timestamp.zero

    /// How late an event may be between its stamp and its being readable.
    private static let grace = Nanoseconds.milliseconds(50)
    /// Clocks are read one after the other: less than this is no step.
    private static let smallest = Nanoseconds.microseconds(10)

    /// - Parameters:
    ///   - steady: what `wall` would read if it were never set, but for `uncertainty`.
    init(_ wall: any TapClock, steady: any TapClock, uncertainty: Nanoseconds) {
        self.wall = wall
        self.steady = steady
        tolerance = uncertainty + WallClockSteps.smallest
    }

    /// Reads the clocks; to be called between reading events and bringing them back.
    mutating func look() {
        let from = steady.now()
        let read = wall.now() - ahead
        let to = steady.now()
        looked = to
        guard read + tolerance < from || read > to + tolerance else { return }
        before = (to + WallClockSteps.grace, before?.ahead ?? ahead)
        ahead = ahead + (read - (from + Nanoseconds((to - from).count / 2)))
    }

    /// Whether stamps are what they would be without steps.
    var isUntouched: Bool { ahead == .zero && before == nil }

    /// Brings the stamps of the first events, all of one line and in their order, to the clock as it ran at the start.
    ///
    /// - Parameters:
    ///   - last: the time of the line's event before them.
    ///   - drained: what was stamped before this has been read, but for what was under way.
    func bringBack(_ events: inout [LineEvent], first count: Int, after last: Timestamp, drained: Timestamp) {
        var last = max(last, drained - WallClockSteps.grace)
        for index in 0..<count {
            let stamp = events[index].time
            var time = stamp - ahead
            if let before {
                let other = stamp - before.ahead
                let (early, late) = (min(time, other), max(time, other))
                time = early >= last || late > looked ? early : late
            }
            events[index].nanoseconds = time.nanoseconds
            last = max(last, time)
        }
    }

    /// Everything stamped up to this time has been read.
    mutating func drained(upTo time: Timestamp) {
        if let before, time >= before.until { self.before = nil }
    }
}
