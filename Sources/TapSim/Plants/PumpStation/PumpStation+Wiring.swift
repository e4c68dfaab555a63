public import TapConfig
import TapCore

/// The wiring a station has where a scenario names neither lines nor converters.
extension PumpStation {
    /// All digital signals through opto-isolators for 24 V, contacts with their bounce; RS485 through its receiver.
    public var defaultLines: [ScenarioLine] {
        // Moved by a coil, a hand or water; outputs of PLC, meter and phase relay are transistors.
        let contacts = ["_FB", "_AUTO", "_HAND", "_READY", "_OL"]
        return digitalSignals.map { name in
            var wave = DigitalWave.signal(name)
            var words = "signal"
            let isFloat = name == "LSH" || name == "LSL"
            if isFloat || contacts.contains(where: { name.hasSuffix($0) }) {
                words = "bounce"
                wave = .bounce(wave, Bounce(mean: .milliseconds(2), longest: .milliseconds(5)))
            }
            if name != "RS485" { wave = .delay(wave, Delay(on: .microseconds(5), off: .microseconds(40))) }
            return ScenarioLine(name: name, words: words, wave: wave)
        }
    }

    /// One converter of 16 bits at 100 scans a second: level and flow as 4 to 20 mA, both motor currents through
    /// transformers. Noise is that of an industrial loop, a part in four thousand of its span.
    public var defaultConverters: [Converter] {
        return [
            Converter(
                name: "station", rate_hz: 100,
                channels: [
                    loop("LT1", top: well.depth_m), loop("FT1", top: PumpStation.flowSpan_m3ps),
                    current("P1_I", top: currentSpan_A), current("P2_I", top: currentSpan_A),
                ])
        ]
    }

    /// 4 mA at 0, 20 mA at `top`; its limits are the transmitter's (NAMUR NE 43).
    private func loop(_ signal: String, top: Double) -> ConverterChannel {
        let current = AnalogWave.transmitted(.scale(.signal(signal), factor: 0.016 / top, offset: 0.004))
        return ConverterChannel(
            name: signal, words: "sum", unit: "A", bottom: 0, top: 0.024, bits: 16,
            wave: .sum([current, .noise(deviation: 4e-6)]))
    }

    private func current(_ signal: String, top: Double) -> ConverterChannel {
        ConverterChannel(
            name: signal, words: "sum", unit: "A", bottom: 0, top: top, bits: 16,
            wave: .sum([.signal(signal), .noise(deviation: 0.05)]))
    }
}
