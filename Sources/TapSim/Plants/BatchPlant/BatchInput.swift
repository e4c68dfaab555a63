import TapCore

/// An analog input of the PLC: gain and offset error of its own, noise, a filter, a resolution. What the program sees of a
/// signal is not what another instrument on the same wire sees.
struct BatchInput: Sendable {
    private let gain: Double
    private let offset: Double
    private let noise: Double
    private let count: Double
    private let filter: Double
    private let range: ClosedRange<Double>
    private var random: Random
    private var filtered: Double?

    /// - Parameters:
    ///   - accuracy: standard deviation of gain and of offset, as a share of the span; drawn once.
    ///   - noise: standard deviation, in the signal's unit.
    ///   - bits: of the converter, over the range and a tenth beyond.
    ///   - filter: share of a new value that each scan takes; 1: all.
    init(
        _ range: ClosedRange<Double>, accuracy: Double, noise: Double, bits: Int, filter: Double, random: Random
    ) {
        var random = random
        let span = range.upperBound - range.lowerBound
        gain = 1 + accuracy * min(2, max(-2, random.gaussian()))
        offset = accuracy * span * 0.5 * min(2, max(-2, random.gaussian()))
        self.noise = noise
        count = 1.1 * span / Double(1 << bits)
        self.filter = filter
        self.range = (range.lowerBound - 0.0125 * span)...(range.upperBound + 0.03125 * span)
        self.random = random
    }

    /// What the program sees; beyond the range the loop's ends (NAMUR NE 43).
    mutating func read(_ value: Double) -> Double {
        let seen = value * gain + offset + noise * random.gaussian()
        let last = filtered ?? seen
        let now = last + filter * (seen - last)
        filtered = now
        return min(range.upperBound, max(range.lowerBound, (now / count).rounded() * count))
    }
}
