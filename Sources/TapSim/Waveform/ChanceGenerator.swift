import TapCore

/// Pulses that come by chance.
final class ChanceGenerator: DigitalGenerator {
    private let mean: Double
    private let width: UInt64
    private var random: Random
    private var time: UInt64
    private var isInPulse = false

    init(meanInterval: Nanoseconds, width: Nanoseconds, random: Random) {
        mean = Double(meanInterval.count)
        self.width = UInt64(width.count)
        self.random = random
        time = 0
        super.init(startsHigh: false)
        pause()
    }

    private func pause() { time += UInt64(max(1, (mean * random.exponential()).rounded())) }

    override func next(upTo limit: UInt64) -> UInt64 {
        let due = time
        guard due <= limit else { return DigitalGenerator.none }
        isInPulse.toggle()
        if isInPulse { time += width } else { pause() }
        return due
    }
}
