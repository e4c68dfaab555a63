import TapCore

/// What of a session its consumers get, and when it is complete.
struct SessionLimits {
    /// Since the session's beginning: what comes earlier is not passed on, nor counted.
    var from = Nanoseconds.zero
    /// On the gateway's monotonic clock.
    var end = Timestamp.distantFuture
    /// The same in the clock of each line, device and tag.
    var lineEnds: [Timestamp]
    var deviceEnds: [Timestamp]
    var tagEnds: [Timestamp]
    /// What the clock of clock fixes is behind the monotonic one.
    let offsetOfFixes: Nanoseconds
    /// Edges and scans together.
    var count = UInt64.max

    init(_ header: SessionHeader, from: Nanoseconds, end: Timestamp, count: UInt64?) {
        func local(_ subject: Gap.Subject) -> Timestamp {
            end == .distantFuture ? end : end - header.clock(of: subject).offsetToMonotonic
        }
        self.from = from
        self.end = end
        lineEnds = header.lines.map { local(.line($0.id)) }
        deviceEnds = header.devices.map { local(.device($0.id)) }
        tagEnds = header.tags.map { local(.tag($0.id)) }
        offsetOfFixes = header.clockOfFixes.offsetToMonotonic
        self.count = count ?? .max
    }
}
