import TapCore

/// When a session is complete.
struct SessionLimits {
    /// On the gateway's monotonic clock.
    var end = Timestamp.distantFuture
    /// The same in the clock of each line and device.
    var lineEnds: [Timestamp]
    var deviceEnds: [Timestamp]
    /// Edges and scans together.
    var count = UInt64.max

    init(_ header: SessionHeader, end: Timestamp, count: UInt64?) {
        func local(_ subject: Gap.Subject) -> Timestamp {
            end == .distantFuture ? end : end - header.clock(of: subject).offsetToMonotonic
        }
        self.end = end
        lineEnds = header.lines.map { local(.line($0.id)) }
        deviceEnds = header.devices.map { local(.device($0.id)) }
        self.count = count ?? .max
    }
}
