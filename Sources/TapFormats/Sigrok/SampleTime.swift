import TapCore

/// When samples of a fixed rate were taken, in whole nanoseconds from the first on; halves are rounded up.
struct SampleTime: Sendable, Hashable {
    let rate_hz: UInt64
    /// From one sample to the next where that is a whole number of nanoseconds; zero where it is not.
    let period: UInt64

    /// - Parameter rate: 1 to 1e9, so that no two samples have one time.
    init(rate_hz: UInt64) {
        precondition((1...1_000_000_000).contains(rate_hz))
        self.rate_hz = rate_hz
        period = 1_000_000_000 % rate_hz == 0 ? 1_000_000_000 / rate_hz : 0
    }

    /// nil: after the end of time, 584 years.
    @inline(__always)
    func time(of sample: UInt64) -> UInt64? {
        if period > 0 {
            let (time, isOver) = sample.multipliedReportingOverflow(by: period)
            return isOver ? nil : time
        }
        let (high, low) = sample.multipliedFullWidth(by: 1_000_000_000)
        let (sum, carry) = low.addingReportingOverflow(rate_hz / 2)
        let top = high + (carry ? 1 : 0)
        guard top < rate_hz else { return nil }
        return rate_hz.dividingFullWidth((top, sum)).quotient
    }

    /// The sample nearest to a time; the inverse of `time(of:)`.
    func sample(at time: UInt64) -> UInt64 {
        let (high, low) = time.multipliedFullWidth(by: rate_hz)
        let (sum, carry) = low.addingReportingOverflow(500_000_000)
        // At most 1e9 samples a second: the quotient fits.
        return (1_000_000_000 as UInt64).dividingFullWidth((high + (carry ? 1 : 0), sum)).quotient
    }
}
