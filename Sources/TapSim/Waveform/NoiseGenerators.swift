import TapConfig
import TapCore

/// White Gaussian noise.
final class NoiseValue: AnalogGenerator {
    private let deviation: Double
    private var random: Random

    init(deviation: Double, random: Random) {
        self.deviation = deviation
        self.random = random
    }

    override func value(at time: UInt64) -> Double { deviation * random.gaussian() }
}

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

/// Spikes that decay.
final class SpikeValue: AnalogGenerator {
    private let spikes: Spikes
    private var random: Random
    private var next: UInt64 = 0
    private var last: UInt64 = 0
    private var height = 0.0

    init(_ spikes: Spikes, random: Random) {
        self.spikes = spikes
        self.random = random
        super.init()
        draw()
    }

    private func draw() { next += UInt64(max(1, (Double(spikes.meanInterval.count) * random.exponential()).rounded())) }

    override func value(at time: UInt64) -> Double {
        while next <= time {
            last = next
            height = random.chance(0.5) ? spikes.amplitude : -spikes.amplitude
            draw()
        }
        guard height != 0 else { return 0 }
        return height * Elementary.exp(-Double(time - last) / Double(spikes.decay.count))
    }
}
