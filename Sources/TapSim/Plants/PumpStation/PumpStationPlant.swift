public import TapConfig
public import TapCore

/// A pump station in virtual time: water, pumps, contactors, a PLC, an HMI, people and weather, and attacks on it.
///
/// A run is a function of (parameters, seed, attacks). One step is 20 ms, which is also the PLC's cycle; within it
/// contacts, floats, pulses and people have their own times, to the nanosecond. Does not allocate in a step but for
/// its claims. docs/pump-station.md says what is modelled and what not.
public struct PumpStationPlant: Plant, Sendable {
    public var signals = Signals()
    public let tags = RegisterScreen<StationTag>.tags

    let parameters: PumpStation
    let clock: CivilClock
    var hydraulics: Hydraulics
    var inflow: Inflow
    var motors: InlineArray<2, Motor>
    var contactors: InlineArray<2, Contactor>
    var floats: InlineArray<2, FloatSwitch>
    var panel: InlineArray<2, Panel> = .init(repeating: Panel())
    var power = StationPower()
    /// Of the HMI's clock, set by a hand.
    var clockAhead = Nanoseconds.zero
    /// What has settled on the level transmitter, and what is added each step.
    var fouling_m = 0.0
    var foulingPerStep_m = 0.0
    var conditions: InlineArray<2, PumpCondition>
    private var cards: StationCards
    /// Of its current output against its pulses.
    private let meterGain: Double
    /// What the program that was approved would hold, while an attack changes the one that runs, or what it sees.
    var approved: StationProgram?
    /// Forwards, through the main.
    private(set) var passed_m3 = 0.0
    var plc: ScanEngine<StationProgram>
    var bus: StationBus
    var serial: SerialSender
    var operations: StationOperations
    var attacks: StationAttacks
    /// The PLC's commands as they stand at its terminals.
    var commands: InlineArray<2, Bool> = .init(repeating: false)
    /// What its siren output says, whatever becomes of the wire.
    var sirenOutput = false
    var answered: StationReport?
    var notes: [PlantNote] = []

    /// What the level transmitter says instead of the level; nil: the level.
    var simulatedLevel_m: Double?
    var transmitted_m: Double
    private var ripple_m = 0.0
    private var rippleRandom: Random
    private var slips: Random
    private var untilPulse_m3: Double
    var pulses = 0
    var pulseEnds = UInt64.max
    private let ratedFlow_m3ps: Double
    private var time: UInt64 = 0

    static let step_ns: UInt64 = 20_000_000

    /// What the switches at a pump's panel say.
    struct Panel: Sendable {
        var auto = true
        var hand = false
        var ready = true
        var overload = false
    }

    public init(_ parameters: PumpStation, seed: UInt64, attacks list: [Attack] = []) {
        precondition(parameters.pumps.count == 2, "a pump station has two pumps")
        let nominal = parameters
        let parameters = parameters.drawn(seed: seed)
        self.parameters = parameters
        let clock = CivilClock(parameters.clock)
        self.clock = clock
        hydraulics = Hydraulics(parameters)
        inflow = Inflow(parameters.inflow, clock: clock, random: Random(seed: seed, stream: "pump station inflow"))
        let pumps = parameters.pumps
        motors = [Motor(pumps[0]), Motor(pumps[1])]
        contactors = [
            Contactor(pumps[0], random: Random(seed: seed, stream: "pump station contactor P1")),
            Contactor(pumps[1], random: Random(seed: seed, stream: "pump station contactor P2")),
        ]
        let well = parameters.well
        floats = [
            FloatSwitch(height_m: well.highFloat_m, isHighLevel: true, level_m: well.firstLevel_m),
            FloatSwitch(height_m: well.lowFloat_m, isHighLevel: false, level_m: well.firstLevel_m),
        ]
        conditions = [PumpCondition(parameters.wear), PumpCondition(parameters.wear)]
        cards = StationCards(parameters, seed: seed)
        var meter = Random(seed: seed, stream: "pump station meter")
        meterGain = 1 + AnalogInput.error(parameters.meter.currentError, &meter)
        plc = ScanEngine(
            StationProgram(parameters.plc.settings), jitter: parameters.plc.jitter,
            execution: parameters.plc.execution, random: Random(seed: seed, stream: "pump station PLC"))
        bus = StationBus(parameters, seed: seed)
        serial = SerialSender(RegisterScreen<StationTag>.format(baud: parameters.hmi.baud))
        operations = StationOperations(parameters, clock: clock, seed: seed)
        attacks = StationAttacks(list, nominal, seed: seed)
        rippleRandom = Random(seed: seed, stream: "pump station ripple")
        slips = Random(seed: seed, stream: "pump station scan slips")
        transmitted_m = well.firstLevel_m
        untilPulse_m3 = parameters.meter.litresPerPulse * 1e-3
        ratedFlow_m3ps = (0.4 * pumps[0].shutOffHead_m / pumps[0].slope_s2pm5).squareRoot()
        declare()
    }

    private mutating func declare() {
        for line in StationLine.allCases {
            let startsHigh =
                switch line {
                case .highFloat: floats[0].isClosed
                case .lowFloat: floats[1].isClosed
                default: line.startsHigh
                }
            _ = signals.declareDigital(line.name, startsHigh: startsHigh)
        }
        for curve in StationCurve.allCases {
            let first =
                switch curve {
                case .level: transmitted_m
                case .pressure: hydraulics.pressure_Pa
                default: 0.0
                }
            _ = signals.declareAnalog(curve.name, unit: curve.unit, first: first)
        }
    }

    public mutating func advance(to end: Timestamp) {
        while end.nanoseconds - time >= PumpStationPlant.step_ns, end.nanoseconds >= time { step() }
        signals.advance(to: Timestamp(nanoseconds: time))
    }

    public mutating func takeNotes() -> [PlantNote] {
        let taken = notes
        notes.removeAll(keepingCapacity: taken.count < 4_096)
        return taken
    }

    /// The order within a step: water moves; then contacts, people and attacks, each at its time, around the PLC's
    /// reading and writing; then what the motors made of it.
    private mutating func step() {
        let end = time + PumpStationPlant.step_ns
        flow(from: time)
        var scan = plc.nextScan(from: time)
        if parameters.plc.slips > 0, slips.chance(parameters.plc.slips) {
            scan.write = min(end - 1, scan.read + 3 * (scan.write - scan.read))
        }
        happen(before: scan.read + 1)
        var inputs = readInputs()
        follow(inputs, at: scan.read)
        attacks.act(on: &inputs)
        attacks.act(on: &plc.program, at: scan.read)
        let outputs = plc.scan(inputs, at: scan.read)
        happen(before: scan.write + 1)
        write(outputs, at: scan.write)
        converse(at: scan.write)
        happen(before: end)
        ask(before: end)
        serial.transmit(before: end, to: StationLine.serial.rawValue, of: &signals)
        spin()
        time = end
        tellCurves()
    }

    /// Water, floats, pulses of a step that begins at `start`.
    private mutating func flow(from start: UInt64) {
        let level = hydraulics.level_m
        let entering = inflow.step(at: start)
        hydraulics.step(speeds: (motors[0].speed, motors[1].speed), inflow_m3ps: entering)
        floats[0].follow(from: level, to: hydraulics.level_m, at: start)
        floats[1].follow(from: level, to: hydraulics.level_m, at: start)
        passed_m3 += max(0, hydraulics.flow_m3ps) * Hydraulics.step_s
        if !power.isCut { count(max(0, metered_m3ps) * Hydraulics.step_s, from: start) }
        let isMoving = motors[0].speed > 0 || motors[1].speed > 0
        ripple_m =
            0.9 * ripple_m + (rippleRandom.unit() - 0.5) * parameters.well.ripple_m * (isMoving ? 1.5 : 0.3)
        fouling_m += foulingPerStep_m
        let depth_m = parameters.well.depth_m
        transmitted_m =
            power.isCut
            ? -0.25 * depth_m
            : simulatedLevel_m ?? min(1.031_25 * depth_m, max(0, hydraulics.level_m + ripple_m + fouling_m))
    }

    /// A pulse each time the meter's integral passes a whole number of them.
    private mutating func count(_ volume_m3: Double, from start: UInt64) {
        var passed = untilPulse_m3
        let perPulse = parameters.meter.litresPerPulse * 1e-3
        while passed <= volume_m3, volume_m3 > 0 {
            let share = min(0.999_999, passed / volume_m3)
            let rises = start + UInt64(share * Double(PumpStationPlant.step_ns))
            if pulseEnds < rises { endPulse() }
            signals.set(StationLine.flowPulse.rawValue, high: true, at: rises)
            pulseEnds = rises + UInt64(parameters.meter.pulse.count)
            pulses += 1
            passed += perPulse
        }
        untilPulse_m3 = passed - volume_m3
    }

    mutating func endPulse() {
        signals.set(StationLine.flowPulse.rawValue, high: false, at: pulseEnds)
        pulseEnds = .max
    }

    /// What the meter makes of the flow: nothing, if it is small.
    private var metered_m3ps: Double {
        let flow = hydraulics.flow_m3ps
        return abs(flow) < parameters.meter.cutOff_m3ps ? 0 : flow
    }

    /// What its current output says.
    private var flowOutput_m3ps: Double {
        // 3.8 to 20.5 mA, and 0 without power (NAMUR NE 43).
        let span = PumpStation.flowSpan_m3ps
        return power.isCut ? -0.25 * span : min(1.031_25 * span, max(-0.0125 * span, metered_m3ps * meterGain))
    }

    /// The approved program goes on beside the one that is attacked, with the inputs as they are. Where its command would be
    /// another, so would be what comes back.
    private mutating func follow(_ inputs: StationProgram.Inputs, at time: UInt64) {
        let isWrittenBack = approved.map { $0.settings == plc.program.settings } ?? true
        guard attacks.misleadsProgram || !isWrittenBack, plc.isRunning else {
            approved = nil
            return
        }
        var inputs = inputs
        var program = approved ?? plc.program
        for pump in 0..<2 where commands[pump] != program.pumps[pump].command {
            inputs.pumps[pump].feedback = program.pumps[pump].command
        }
        _ = program.scan(inputs, at: time)
        approved = program
    }

    private mutating func readInputs() -> StationProgram.Inputs {
        var inputs = StationProgram.Inputs()
        inputs.supply = isSupplied
        if power.hasInputs { readContacts(&inputs) }
        inputs.level_m = transmitted_m
        inputs.isLevelValid =
            transmitted_m > -0.02 * parameters.well.depth_m && transmitted_m < 1.05 * parameters.well.depth_m
        inputs.flow_m3ps = flowOutput_m3ps
        inputs.pressure_Pa = hydraulics.pressure_Pa
        inputs.current1_A = motors[0].current_A
        inputs.current2_A = motors[1].current_A
        inputs.pulses = pulses
        cards.read(into: &inputs)
        return inputs
    }

    private func readContacts(_ inputs: inout StationProgram.Inputs) {
        for pump in 0..<2 {
            inputs.pumps[pump] = StationProgram.PumpInputs(
                feedback: contactors[pump].isAuxiliaryClosed, auto: panel[pump].auto, hand: panel[pump].hand,
                ready: panel[pump].ready, overload: panel[pump].overload)
        }
        inputs.highFloat = floats[0].isClosed
        inputs.lowFloat = floats[1].isClosed
    }

    private mutating func write(_ program: StationProgram.Outputs, at time: UInt64) {
        var outputs = program
        if plc.isRunning { attacks.act(on: &outputs, at: time) }
        for pump in 0..<2 where outputs.commands[pump] != commands[pump] {
            commands[pump] = outputs.commands[pump]
            signals.set(StationLine.command(pump), high: commands[pump], at: time)
            energise(pump, at: time)
        }
        sirenOutput = outputs.siren
        sound(at: time)
        operations.watch(plc.program, at: time)
    }

    /// What reaches the siren.
    mutating func sound(at time: UInt64) {
        signals.set(StationLine.siren.rawValue, high: sirenOutput && !attacks.cutsSiren, at: time)
    }

    /// The coil's circuit: supply, overload relay, stop chain, and either the PLC or the hand position, which the
    /// low-level float stops without the PLC.
    mutating func energise(_ pump: Int, at time: UInt64) {
        let panel = panel[pump]
        let isWanted = panel.auto ? commands[pump] : panel.hand && !floats[1].isClosed
        contactors[pump].setCoil(isSupplied && !panel.overload && panel.ready && isWanted, at: time)
    }

    private mutating func spin() {
        let flows = hydraulics.pumped_m3ps
        for pump in 0..<2 {
            if contactors[pump].isMainClosed { conditions[pump].turn(for: Hydraulics.step_s) }
            let share = (pump == 0 ? flows.0 : flows.1) / ratedFlow_m3ps
            motors[pump].step(
                isPowered: contactors[pump].isMainClosed && isSupplied, load: 0.3 + 0.7 * min(1.3, share))
            if motors[pump].wantsToTrip, !panel[pump].overload {
                operations.add(.trip(pump), at: time + PumpStationPlant.step_ns)
            }
        }
    }

    /// What wear and rags make of a pump is looked at when either changes, and once a day.
    mutating func assess(_ pump: Int) {
        hydraulics.setHealth(pump, conditions[pump].headShare)
        motors[pump].currentShare = conditions[pump].currentShare
    }

    private mutating func tellCurves() {
        signals.set(StationCurve.level.rawValue, to: transmitted_m, at: time)
        signals.set(StationCurve.flow.rawValue, to: flowOutput_m3ps, at: time)
        signals.set(StationCurve.current1.rawValue, to: motors[0].current_A, at: time)
        signals.set(StationCurve.current2.rawValue, to: motors[1].current_A, at: time)
        signals.set(StationCurve.pressure.rawValue, to: hydraulics.pressure_Pa, at: time)
    }
}
