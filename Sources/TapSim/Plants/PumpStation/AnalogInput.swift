import TapConfig
import TapCore

/// An analog input of the PLC: what its program sees of a transmitter, which is not what another instrument in the same
/// loop sees. Gain, offset, filter and resolution are drawn once a run; noise comes with each reading.
struct AnalogInput: Sendable {
    private let gain: Double
    private let offset: Double
    private let noise: Double
    /// Of what is new, that a reading takes in: a filter of first order.
    private let share: Double
    private let count: Double
    private var filtered: Double?

    /// - Parameters:
    ///   - span: of the signal, which errors are a share of.
    ///   - filterShare: of the longest filter, what an input of its kind may have at most.
    init(_ parameters: PumpStation.Inputs, span: Double, filterShare: Double = 1, random: inout Random) {
        gain = 1 + AnalogInput.error(parameters.error, &random)
        offset = span * AnalogInput.error(parameters.error, &random)
        noise = span * parameters.noise
        let filter_s = Double(parameters.filter.count) * 1e-9 * filterShare * (0.1 + 0.9 * random.unit())
        share = Hydraulics.step_s / (Hydraulics.step_s + filter_s)
        count = span * parameters.resolution * (1 + 15 * random.unit()) / 16
    }

    /// Of a quarter of the greatest up to it, either way.
    static func error(_ greatest: Double, _ random: inout Random) -> Double {
        let size = greatest * (0.25 + 0.75 * random.unit())
        return random.chance(0.5) ? size : -size
    }

    /// One reading, 20 ms after the last one.
    ///
    /// - Parameter draw: 16 random bits.
    mutating func read(_ value: Double, draw: UInt64) -> Double {
        let centred = (Double(draw & 0xFFFF) - 32_767.5) * (1 / 32_767.5)
        let raw = value * gain + offset + noise * centred
        let last = filtered ?? raw
        let next = last + (raw - last) * share
        filtered = next
        return count > 0 ? (next / count).rounded() * count : next
    }

    /// What it was last, where there is nothing to read.
    var last: Double { filtered ?? 0 }
}
