import TapCore

/// The session's UTC, as of the last clock fix: unknown where there is none, or the clock was not synchronised then.
struct SessionClock: Sendable {
    /// At the instant 0 of the watch, in nanoseconds since 1970; nil: unknown.
    private(set) var zero_ns: Int64?
    /// How far that may be off.
    private(set) var accuracy_ns: Int64 = 0

    /// - Parameter fix: whose monotonic time is one of the watch.
    mutating func take(_ fix: ClockFix) {
        zero_ns =
            fix.isSynchronised ? Int64(exactly: Int128(fix.utcNanoseconds) - Int128(fix.monotonic.nanoseconds)) : nil
        accuracy_ns = max(0, (fix.bracket + fix.kernelMaximumError).count)
    }

    /// How far a clock that shows one of these is ahead, in seconds; unknown: none of them is a time, or UTC is not known.
    ///
    /// - Parameter tolerance_ns: so much too late or too early it may be put forward or back.
    func ahead(_ readings: [ClockReading], at time: Timestamp, tolerance_ns: Int64) -> ValueSpan {
        guard let zero_ns, let now = Int64(exactly: Int128(zero_ns) + Int128(time.nanoseconds)) else { return .unknown }
        let right = readings.filter { $0.excess_ns <= tolerance_ns }
        let spans = (right.isEmpty ? readings : right).map { reading in
            ValueSpan(
                low: seconds(reading.earliest_ns, since: now, -accuracy_ns),
                high: seconds(reading.latest_ns, since: now, accuracy_ns))
        }
        // One that was put at the wrong time is as wrong as it can be.
        let nearest = { (one: ValueSpan, other: ValueSpan) in one.magnitude.low < other.magnitude.low }
        return (right.isEmpty ? spans.max(by: nearest) : spans.min(by: nearest)) ?? .unknown
    }

    private func seconds(_ time_ns: Int64, since now_ns: Int64, _ more_ns: Int64) -> Double {
        Double(Int128(time_ns) - Int128(now_ns) + Int128(more_ns)) * 1e-9
    }
}
