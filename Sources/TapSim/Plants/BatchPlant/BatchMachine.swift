public import TapConfig
public import TapCore

/// A dosing and batch neutralisation plant in virtual time: vessel, valves, dosing pump, agitator, heater, a PLC, an HMI,
/// people, and attacks on it.
///
/// A run is a function of (parameters, seed, attacks). One step is 50 ms, which is also the PLC's cycle; within it
/// switches, strokes, bursts and people have their own times, to the nanosecond. docs/batch-plant.md says what is
/// modelled and what not.
public struct BatchMachine: Plant, Sendable {
    public var signals = Signals()
    public let tags = RegisterScreen<BatchTag>.tags

    let parameters: BatchPlant
    let clock: CivilClock
    var vessel: Vessel
    var valves: InlineArray<3, Valve>
    var line: DosingLine
    var probe: Probe
    var burst = HeaterBurst()
    var plc: ScanEngine<BatchProgram>
    var cards: Cards
    /// What the approved program would do with honest inputs, while an attack misleads the one that runs.
    var approved: BatchProgram?
    var screen: Poller
    var serial: SerialSender
    var operations: BatchOperations
    var attacks: BatchAttacks
    var notes: [PlantNote] = []
    var answered: RegisterReport<BatchTag>?
    let question = RegisterScreen<BatchTag>.question

    // What stands in the field.
    var isSupplied = true
    var isChainClosed = true
    var isHighHigh = false
    var isHot = false
    var isDrumConnected = true
    /// Strokes that still pump air.
    var airStrokes = 0
    var hasDosingAir = false
    var openElements = 0
    /// The hand valves before XV1 and XV2, which somebody shuts where an inlet does not close.
    var isShutByHand = (false, false)
    /// The PLC's commands as they stand at its terminals.
    var commands = BatchProgram.Outputs()
    var agitates = false
    var agitatorMoves = UInt64.max
    var speed = 0.0
    var strokes = 0
    var lastStroke: UInt64 = 0
    var nextStroke = UInt64.max
    var strokeEnds = UInt64.max
    /// What the pump really put in, and what it had when the batch began.
    var pumped_kg = 0.0
    var pumpedBefore_kg = 0.0
    var current_A = 0.0
    var mains = 1.0
    private var heated = 0.0
    private var currentSince: UInt64 = 0
    private var transmitted_kg: Double
    private var pressure = 1.0
    var contacts: Random
    var doses: Random
    var waste: Random
    var network: Random
    private var ripple: Random
    let stroke: Double
    private(set) var time: UInt64 = 0

    static let step_ns: UInt64 = 50_000_000

    /// The PLC's analog inputs.
    struct Cards: Sendable {
        var weight: BatchInput
        var temperature: BatchInput
        var acidity: BatchInput
        var current: BatchInput
    }

    public init(_ parameters: BatchPlant, seed: UInt64, attacks list: [Attack] = []) {
        precondition(parameters.travel.count == 3, "a batch plant has three valves")
        func random(_ what: String) -> Random { Random(seed: seed, stream: "batch plant \(what)") }
        self.parameters = parameters
        let clock = CivilClock(parameters.clock)
        self.clock = clock
        vessel = Vessel(parameters)
        let travel = parameters.travel
        valves = [
            Valve(travel: travel[0], random: random("XV1")), Valve(travel: travel[1], random: random("XV2")),
            Valve(travel: travel[2], random: random("XV3")),
        ]
        line = DosingLine(steps: Int(UInt64(parameters.dosing.deadTime.count) / BatchMachine.step_ns))
        probe = Probe(parameters.chemistry, random: random("probe"))
        plc = ScanEngine(
            BatchProgram(parameters), jitter: parameters.plc.jitter, execution: parameters.plc.execution,
            random: random("PLC"))
        let accuracy = parameters.plc.accuracy
        cards = Cards(
            weight: BatchInput(
                0...800, accuracy: accuracy, noise: 0.15, bits: 15, filter: 0.05, random: random("WIT1")),
            temperature: BatchInput(
                0...100, accuracy: accuracy, noise: 0.05, bits: 15, filter: 0.05, random: random("TT1")),
            acidity: BatchInput(
                0...14, accuracy: accuracy, noise: 0.01, bits: 15, filter: 0.1, random: random("AIT1")),
            current: BatchInput(
                0...120, accuracy: accuracy, noise: 0.05, bits: 12, filter: 1, random: random("HEAT_I")))
        screen = Poller(
            RegisterScreen<BatchTag>.timing(period: parameters.hmi.period, baud: parameters.hmi.baud),
            first: 211_000_000, seed: seed)
        serial = SerialSender(RegisterScreen<BatchTag>.format(baud: parameters.hmi.baud))
        operations = BatchOperations(parameters, clock: clock, seed: seed)
        attacks = BatchAttacks(list, parameters)
        contacts = random("contacts")
        doses = random("strokes")
        waste = random("waste water")
        network = random("mains")
        ripple = random("ripple")
        var pump = random("dosing pump")
        stroke = parameters.dosing.stroke_ml * (0.98 + 0.04 * pump.unit())
        transmitted_kg = parameters.vessel.first_kg
        for line in BatchLine.allCases { _ = signals.declareDigital(line.name, startsHigh: line.startsHigh) }
        for curve in BatchCurve.allCases {
            _ = signals.declareAnalog(curve.name, unit: curve.unit, first: value(of: curve))
        }
    }

    func value(of curve: BatchCurve) -> Double {
        switch curve {
        case .weight: transmitted_kg
        case .temperature: vessel.temperature_degC
        case .acidity: probe.pH
        case .current: current_A
        }
    }

    public mutating func advance(to end: Timestamp) {
        while end.nanoseconds >= time, end.nanoseconds - time >= BatchMachine.step_ns { step() }
        signals.advance(to: Timestamp(nanoseconds: time))
    }

    public mutating func takeNotes() -> [PlantNote] {
        let taken = notes
        notes.removeAll(keepingCapacity: taken.count < 4_096)
        return taken
    }

    /// The order within a step: contacts that the content moved; then valves, people and attacks, each at its time, around
    /// the PLC's reading and writing; then what the content makes of it.
    private mutating func step() {
        let end = time + BatchMachine.step_ns
        watchLimits(at: time)
        let scan = plc.nextScan(from: time)
        happen(before: scan.read + 1)
        let outputs = control(at: scan.read)
        happen(before: scan.write + 1)
        write(outputs, at: scan.write)
        converse(at: scan.write)
        happen(before: end)
        ask(before: end)
        serial.transmit(before: end, to: BatchLine.serial.rawValue, of: &signals)
        flow(until: end)
        time = end
        for curve in BatchCurve.allCases { signals.set(curve.rawValue, to: value(of: curve), at: time) }
    }

    private mutating func control(at time: UInt64) -> BatchProgram.Outputs {
        var inputs = readInputs()
        if attacks.misleadsProgram {
            var honest = inputs
            honest.highHigh = isHighHigh && isSupplied
            honest.hot = isHot && isSupplied
            if approved == nil { approved = plc.program }
            if plc.isRunning { _ = approved?.scan(honest, at: time) }
        } else {
            approved = nil
        }
        attacks.act(on: &plc.program)
        attacks.act(on: &inputs, commanded: plc.program.outputs)
        return plc.scan(inputs, at: time)
    }

    private mutating func readInputs() -> BatchProgram.Inputs {
        var inputs = BatchProgram.Inputs()
        for valve in 0..<3 {
            inputs.opened[valve] = valves[valve].isOpenSwitched && isSupplied
            inputs.closed[valve] = valves[valve].isClosedSwitched && isSupplied
        }
        inputs.agitates = agitates && isSupplied
        inputs.highHigh = isHighHigh && isSupplied && !attacks.bridgesHighHigh
        inputs.hot = isHot && isSupplied && !attacks.bridgesHot
        inputs.chain = isChainClosed && isSupplied
        inputs.supply = isSupplied
        inputs.weight_kg = cards.weight.read(transmitted_kg)
        inputs.temperature_degC = cards.temperature.read(vessel.temperature_degC)
        inputs.pH = cards.acidity.read(probe.pH)
        inputs.current_A = cards.current.read(current_A)
        inputs.strokes = strokes
        return inputs
    }

    /// Content, probe and agitator over a step that ends at `end`.
    private mutating func flow(until end: UInt64) {
        var positions = (0.0, 0.0, 0.0)
        for valve in 0..<3 { valves[valve].follow(to: end) }
        positions = (
            isShutByHand.0 ? 0 : valves[0].position, isShutByHand.1 ? 0 : valves[1].position, valves[2].position
        )
        heat(until: end)
        speed += ((agitates && isSupplied ? 1 : 0) - speed) * (Vessel.step_s / 3)
        if speed < 1e-6 { speed = 0 }
        // Of the works' pipes: others draw from them too.
        pressure += (1 - pressure) * 0.002 + 0.002 * (ripple.unit() - 0.5)
        let heat_W = heated / Double(BatchMachine.step_ns) * parameters.heater.voltage_V
        vessel.step(
            valves: positions, pressure: pressure, dosed_ml: line.step(), agitation: speed, heat_W: heat_W)
        heated = 0
        probe.step(vessel.pH, at: time)
        transmitted_kg = vessel.mass_kg + (ripple.unit() - 0.5) * (0.1 + 0.8 * speed)
    }

    /// Ampere-nanoseconds of this step, up to a time.
    mutating func heat(until end: UInt64) {
        let from = max(currentSince, time)
        if end > from { heated += current_A * Double(end - from) }
        currentSince = max(currentSince, end)
    }
}
