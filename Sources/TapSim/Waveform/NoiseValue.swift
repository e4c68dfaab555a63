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
