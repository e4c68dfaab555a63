/// One line while it is listened to: its request, what is known of it, and whether it is muted.
struct ListenedLine {
    var info: LineInfo
    /// Index of its chip in the listener.
    let chip: Int
    var audit: LineAudit
    /// nil while its chip is gone, or while it is muted with a library that cannot reconfigure.
    var request: (any RequestedLine)?
    /// The present storm window: when it began, by the stamps of its events, and how many it has.
    var windowFrom = Timestamp.zero
    var windowCount = 0
    var mute: Mute?
    /// How long the next mute lasts, and when the last one ended: a storm soon after doubles it.
    var nextMute: Nanoseconds
    var lastResumed = Timestamp.zero
    var rereads = RereadTally(since: .zero)
    /// Its chip is gone since.
    var goneSince: Timestamp?

    struct Mute {
        var since: Timestamp
        /// On the source's own (monotonic) clock.
        var until: Timestamp
        var level: Bool?
        var flips: UInt64 = 0
    }

    private static let window = Nanoseconds.milliseconds(100)

    /// Whether the line is above a limit with the `count` events just read, from `first` to `last`. Judged by their
    /// stamps: a reader that comes late finds many at once, which is no storm.
    mutating func isStorm(above limit_hz: Int, _ count: Int, from first: Timestamp, to last: Timestamp) -> Bool {
        if first < windowFrom || first - windowFrom >= ListenedLine.window {
            windowFrom = first
            windowCount = 0
        }
        windowCount += count
        guard windowCount > limit_hz / 10 else { return false }
        let span = last - windowFrom
        guard span >= ListenedLine.window else { return true }
        // Read late, and more than one window: their mean rate says it.
        let rate_hz = Double(windowCount) / (Double(span.count) * 1e-9)
        windowFrom = last
        windowCount = 0
        return rate_hz > Double(limit_hz)
    }
}
