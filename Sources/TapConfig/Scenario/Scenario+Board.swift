public import TapCore

extension DigitalWave {
    /// What a line of a simulated board does.
    public init(_ line: SimulatedLine) {
        switch line.wave {
        case .constant: self = .constant(isHigh: line.startsHigh)
        case .square(let period, let duty, let phase):
            let width = Nanoseconds(Int64((Double(period.count) * duty).rounded()))
            self = .pulses(PulseTrain(phase: phase, period: period, width: width, isInverted: line.startsHigh))
        case .pulseTrain(let pulses, let width, let spacing, let every, let phase):
            self = .pulses(
                PulseTrain(
                    phase: phase, period: every, pulses: pulses, width: width, spacing: spacing,
                    isInverted: line.startsHigh))
        }
    }
}

extension ConverterChannel {
    /// A channel of a simulated board. It ranges from offset - amplitude to offset + amplitude; a constant one from zero
    /// to twice its value.
    public init(_ channel: SimulatedChannel) {
        let reach = channel.wave == .constant ? channel.offset.magnitude : channel.amplitude.magnitude
        func periodic(_ shape: Periodic.Shape) -> AnalogWave {
            .periodic(
                Periodic(shape, offset: channel.offset, amplitude: channel.amplitude, period: channel.period))
        }
        let wave: AnalogWave =
            switch channel.wave {
            case .constant: .constant(channel.offset)
            case .square: periodic(.square(duty: 0.5))
            case .sine: periodic(.sine)
            case .ramp: periodic(.ramp)
            }
        let bottom = channel.offset - reach
        self.init(
            name: String(channel.name.split(separator: ".").last ?? ""), unit: channel.unit, bottom: bottom,
            // A channel that never leaves zero still needs a step to count in.
            top: bottom + (reach == 0 ? 1 : 2 * reach), bits: channel.bits, wave: wave)
    }
}

extension Scenario {
    /// The wires of a simulated board.
    public init(board: String, lines: [SimulatedLine], channels: [SimulatedChannel]) {
        self.init(name: board)
        self.lines = lines.map { ScenarioLine(name: $0.name, wave: DigitalWave($0)) }
        for channel in channels {
            let name = String(channel.name.split(separator: ".").first ?? "")
            let index = converters.firstIndex { $0.name == name } ?? converters.count
            if index == converters.count { converters.append(Converter(name: name, rate_hz: channel.rate_hz)) }
            converters[index].channels.append(ConverterChannel(channel))
        }
    }
}
