import TapConfig
import TapCore

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
