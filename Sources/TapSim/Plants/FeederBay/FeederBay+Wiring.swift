public import TapConfig
import TapCore

/// The wiring a bay has where a scenario names neither lines nor converters.
extension FeederBay {
    /// Ratios of the transformers: a primary ampere and volt make so much at the secondary's.
    static let currentRatio = 1.0 / 400
    static let voltageRatio = 1.0 / 200

    /// All digital signals through opto-isolators, contacts with their bounce; RS485 through its receiver.
    public var defaultLines: [ScenarioLine] {
        // Of the breaker and of relays; outputs of the RTU are transistors.
        let contacts = ["52A", "52B", "TRIP_REL", "SPRING", "LOCKOUT", "LOCAL", "GAS_OK"]
        return digitalSignals.map { name in
            var wave = DigitalWave.signal(name)
            var words = "signal"
            if contacts.contains(name) {
                words = "bounce"
                wave = .bounce(wave, name.hasPrefix("52") ? Bounce(mean: .microseconds(400)) : Bounce())
            }
            if name != "RS485" { wave = .delay(wave, Delay(on: .microseconds(5), off: .microseconds(40))) }
            return ScenarioLine(name: name, words: words, wave: wave)
        }
    }

    /// One converter of 16 bits at 1,000 scans a second: the secondaries of three current transformers of 400 to 1 A, and
    /// of a voltage transformer of 200 to 1. A fault with its offset is within the range.
    public var defaultConverters: [Converter] {
        let most_A = 3 * line.fault_A * FeederBay.currentRatio
        let most_V = 2 * line.voltage_V * FeederBay.voltageRatio
        func channel(_ signal: String, _ unit: String, _ most: Double, _ ratio: Double, _ noise: Double)
            -> ConverterChannel
        {
            ConverterChannel(
                name: signal, words: "sum", unit: unit, bottom: -most, top: most, bits: 16,
                wave: .sum([.scale(.signal(signal), factor: ratio, offset: 0), .noise(deviation: noise)]))
        }
        return [
            Converter(
                name: "bay", rate_hz: 1_000,
                channels: ["IA", "IB", "IC"].map { channel($0, "A", most_A, FeederBay.currentRatio, 0.002) }
                    + [channel("UA", "V", most_V, FeederBay.voltageRatio, 0.02)])
        ]
    }
}
