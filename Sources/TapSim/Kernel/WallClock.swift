public import TapCore

/// CLOCK_REALTIME of a simulated machine: virtual time, as a date, with what goes wrong with it.
public struct WallClock: Sendable, Hashable {
    /// At virtual time zero, nanoseconds since 1970-01-01T00:00:00Z.
    public var epoch: UInt64
    public var steps: [Step] = []
    public var drifts: [Drift] = []

    /// The clock is set forward or back.
    public struct Step: Sendable, Hashable {
        public var at: Timestamp
        public var by: Nanoseconds
        public init(at: Timestamp, by: Nanoseconds) {
            self.at = at
            self.by = by
        }
    }

    /// Nothing disciplines it: it is not synchronised, and goes fast by so much.
    public struct Drift: Sendable, Hashable {
        public var from: Timestamp
        public var to: Timestamp
        public var partsPerBillion: Int64
        public init(from: Timestamp, to: Timestamp, partsPerBillion: Int64) {
            self.from = from
            self.to = to
            self.partsPerBillion = partsPerBillion
        }
    }

    public init(epoch: UInt64) { self.epoch = epoch }

    public func utc(at time: Timestamp) -> Timestamp {
        var utc = Timestamp(nanoseconds: epoch) + (time - .zero)
        for step in steps where step.at <= time { utc = utc + step.by }
        for drift in drifts where drift.from < time {
            let lasted = min(time, drift.to) - drift.from
            utc = utc + Nanoseconds(lasted.count / 1_000 * drift.partsPerBillion / 1_000_000)
        }
        return utc
    }

    public func isSynchronised(at time: Timestamp) -> Bool { !drifts.contains { $0.from <= time && time < $0.to } }
}
