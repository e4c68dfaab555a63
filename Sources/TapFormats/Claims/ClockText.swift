/// What a clock that people read shows, as times since 1970: in Berlin `2026-10-25 02:30:00` has two readings, for clocks
/// are put back in that night.
public struct ClockText: Sendable {
    /// What a text may mean, in nanoseconds since 1970-01-01T00:00:00Z.
    public struct Reading: Sendable, Hashable {
        public var earliest_ns: Int64
        /// The clock shows the next text after that.
        public var latest_ns: Int64
        /// How long ago the clock should have been put forward or back, or how much too early it was; 0: it is right.
        public var excess_ns: Int64
    }

    private let zone: ZoneRules?

    /// - Parameter zone: of texts that name none; nil: UTC.
    public init(zone: ZoneRules?) { self.zone = zone }

    /// As `2026-03-26 06:00:01`, or as tables have dates; none: it is no date with a time of day. Never blocks.
    public func readings(of text: String) -> [Reading] {
        let bytes = Array(text.utf8)
        guard let date = CSVDate(bytes, bytes.indices), date.hasDate, date.hasTime,
            let local = Int64(exactly: date.nanoseconds)
        else { return [] }
        func reading(_ time_ns: Int64, excess: Int64 = 0) -> Reading {
            Reading(earliest_ns: time_ns, latest_ns: time_ns + date.step_ns - 1, excess_ns: excess)
        }
        if let offset = date.zone { return [reading(local - Int64(offset.nanoseconds))] }
        guard let zone else { return [reading(local)] }
        let (seconds, rest) = local.quotientAndRemainder(dividingBy: 1_000_000_000)
        return zone.readings(ofLocal: seconds).map {
            reading($0.time * 1_000_000_000 + rest, excess: $0.excess * 1_000_000_000)
        }
    }
}
