public import TapConfig
import TapCore

/// The wiring a plant has where a scenario names neither lines nor converters.
extension BatchPlant {
    /// All digital signals through opto-isolators for 24 V, contacts with their bounce; RS485 through its receiver.
    public var defaultLines: [ScenarioLine] {
        // Switches of valves, agitator, vessel and chain; outputs of the PLC are transistors.
        let contacts = ["_ZSO", "_ZSC", "_FB", "LSHH", "TSH", "ESTOP"]
        return digitalSignals.map { name in
            var wave = DigitalWave.signal(name)
            var words = "signal"
            if contacts.contains(where: { name.hasSuffix($0) }) {
                words = "bounce"
                wave = .bounce(wave, name.hasSuffix("_FB") ? Bounce(mean: .microseconds(400)) : Bounce())
            }
            if name != "RS485" { wave = .delay(wave, Delay(on: .microseconds(5), off: .microseconds(40))) }
            return ScenarioLine(name: name, words: words, wave: wave)
        }
    }

    /// One converter of 16 bits at 100 scans a second: weight, temperature and pH as 4 to 20 mA, the heater's current through
    /// a transformer. Noise is that of an industrial loop, a part in four thousand of its span.
    public var defaultConverters: [Converter] {
        [
            Converter(
                name: "batch", rate_hz: 100,
                channels: [
                    loop("WIT1", top: 800), loop("TT1", top: 100), loop("AIT1", top: 14),
                    ConverterChannel(
                        name: "HEAT_I", words: "sum", unit: "A", bottom: 0, top: 120, bits: 16,
                        wave: .sum([.signal("HEAT_I"), .noise(deviation: 0.05)])),
                ])
        ]
    }

    /// 4 mA at 0, 20 mA at `top`; beyond, 3.8 to 20.5 mA (NAMUR NE 43).
    private func loop(_ signal: String, top: Double) -> ConverterChannel {
        let current = AnalogWave.saturate(
            .scale(.signal(signal), factor: 0.016 / top, offset: 0.004), low: 0.0038, high: 0.0205)
        return ConverterChannel(
            name: signal, words: "sum", unit: "A", bottom: 0, top: 0.024, bits: 16,
            wave: .sum([current, .noise(deviation: 4e-6)]))
    }
}
