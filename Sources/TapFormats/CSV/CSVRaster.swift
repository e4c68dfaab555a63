/// Times of samples that are a constant step apart, in nanoseconds, to the nearest.
struct CSVRaster: Sendable {
    /// Attoseconds at sample 0.
    private var start: Int128
    /// Attoseconds from one sample to the next, as a fraction.
    private var step: (attoseconds: Int128, of: Int128)
    /// What counts as one sample in the numbers of samples, and the number of the first.
    private var unit: (count: Int128, first: Int128) = (1, 0)

    /// - Parameter rate_hz: 1 to 1e9.
    init(rate_hz: UInt64) {
        start = 0
        step = (1_000_000_000_000_000_000, Int128(rate_hz))
    }

    /// Both in attoseconds.
    init(start: Int128, step: Int128) {
        self.start = start
        self.step = (step, 1)
    }

    /// Of the times of libsigrok, which are sums of a period that was cut to a whole number of the unit, and begin at one
    /// period.
    init(sigrokRate_hz rate: UInt64) {
        self.init(rate_hz: rate)
        var scale: UInt64 = 1
        while scale < rate { scale *= 1_000 }
        unit = (Int128(scale / rate), 1)
    }

    /// Halves up. nil: a number that no sample has.
    func time(of number: Int128) -> Int128? {
        guard number.magnitude <= 1 << 60 else { return nil }
        let sample = number / unit.count - unit.first
        let numerator = 2 * (start * step.of + sample * step.attoseconds) + step.of * 1_000_000_000
        let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: 2 * step.of * 1_000_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// When the sample behind one would come.
    func end(of number: Int128) -> Int128? { time(of: number + unit.count) }
}
