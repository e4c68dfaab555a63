/// Noise of a power that falls as 1/f: the sum of rows of Gaussian numbers, of which each is drawn anew half as often
/// as the one before it (R. F. Voss; J. McCartney's order of drawing, one row and a white part a sample).
final class PinkNoiseValue: AnalogGenerator {
    private static let rowCount = 16
    private let scale: Double
    private var random: Random
    private var rows: [Double]
    private var count: UInt64 = 0

    init(deviation: Double, random: Random) {
        self.random = random
        scale = deviation / Double(PinkNoiseValue.rowCount + 1).squareRoot()
        rows = []
        for _ in 0..<PinkNoiseValue.rowCount { rows.append(self.random.gaussian()) }
    }

    override func value(at time: UInt64) -> Double {
        count &+= 1
        let row = count.trailingZeroBitCount
        if row < rows.count { rows[row] = random.gaussian() }
        // Summed anew each time: a running sum would gather roundings over days.
        var sum = random.gaussian()
        for row in rows { sum += row }
        return scale * sum
    }
}
