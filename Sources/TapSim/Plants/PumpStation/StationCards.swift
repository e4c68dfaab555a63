import TapConfig

/// The PLC's analog inputs, one a measurement.
struct StationCards: Sendable {
    private var level: AnalogInput
    private var flow: AnalogInput
    private var pressure: AnalogInput
    private var current1: AnalogInput
    private var current2: AnalogInput
    private var random: Random

    /// Of the transmitter of pressure, 0 to 4 bar.
    static let pressureSpan_Pa = 4e5

    init(_ parameters: PumpStation, seed: UInt64) {
        random = Random(seed: seed, stream: "pump station input noise")
        var draws = Random(seed: seed, stream: "pump station inputs")
        let inputs = parameters.inputs
        level = AnalogInput(inputs, span: parameters.well.depth_m, random: &draws)
        flow = AnalogInput(inputs, span: PumpStation.flowSpan_m3ps, random: &draws)
        pressure = AnalogInput(inputs, span: StationCards.pressureSpan_Pa, filterShare: 0.2, random: &draws)
        // What protects a motor is not filtered long.
        let span_A = parameters.currentSpan_A
        current1 = AnalogInput(inputs, span: span_A, filterShare: 0.1, random: &draws)
        current2 = AnalogInput(inputs, span: span_A, filterShare: 0.1, random: &draws)
    }

    /// What the program sees of what the transmitters say. A level that is no measurement leaves the last one.
    mutating func read(into inputs: inout StationProgram.Inputs) {
        let draw = random.next()
        inputs.level_m = inputs.isLevelValid ? level.read(inputs.level_m, draw: draw) : level.last
        inputs.flow_m3ps = max(0, flow.read(inputs.flow_m3ps, draw: draw >> 16))
        inputs.pressure_Pa = max(0, pressure.read(inputs.pressure_Pa, draw: draw >> 32))
        inputs.current1_A = max(0, current1.read(inputs.current1_A, draw: draw >> 48))
        inputs.current2_A = max(0, current2.read(inputs.current2_A, draw: draw >> 24))
    }
}
