import TapConfig
import TapCore

/// The plant's PLC program: the steps of a batch by a recipe, interlocks, alarms that hold the batch until somebody has
/// seen to them.
struct BatchProgram: ControlProgram {
    struct Inputs: Sendable {
        var opened: InlineArray<3, Bool> = .init(repeating: false)
        var closed: InlineArray<3, Bool> = .init(repeating: true)
        var agitates = false
        var highHigh = false
        var hot = false
        /// The emergency stop's chain is closed.
        var chain = true
        var supply = true
        var weight_kg = 0.0
        var temperature_degC = 0.0
        var pH = 7.0
        var current_A = 0.0
        /// Strokes that its pulse output gave.
        var strokes = 0
    }

    struct Outputs: Sendable {
        var valves: InlineArray<3, Bool> = .init(repeating: false)
        var agitate = false
        /// Of the heater, 0 to 1.
        var duty = 0.0
        var stroke_Hz = 0.0
    }

    static var safeOutputs: Outputs { Outputs() }

    /// As set; an attack on a parameter moves them in place.
    var settings: BatchPlant.Settings
    let dosing: BatchPlant.Dosing
    /// An operator holds the batch.
    var isHeld = false
    /// An operator doses by hand.
    var isManual = false
    /// The pH probe is being worked on: its value is that from before, and nothing is dosed.
    var isProbeHeld = false
    /// A manipulated program doses before it agitates.
    var isReordered = false

    var step = BatchStep.idle
    var recipe = 0
    var inputs = Inputs()
    var outputs = Outputs()
    private(set) var batches = 0
    private(set) var pH = 7.0
    /// Of each alarm, by its number: it is raised.
    private(set) var alarms: InlineArray<10, Bool> = .init(repeating: false)
    /// Since when its condition has been there; nil: it is not.
    private var conditions: InlineArray<10, UInt64?> = .init(repeating: nil)
    /// After a restart somebody must agree.
    private(set) var isRestarted = false
    /// How long the step has gone on, without holds.
    var elapsed_ns: UInt64 = 0
    /// A target was reached since then; nil: it is not.
    var reached_ns: UInt64?
    /// A step's own valve has done its part.
    var isDone = false
    var startWeight_kg = 0.0
    var startStrokes = 0
    /// Where strokes end that are given beyond the target; nil: the target is still to be reached.
    var lastStroke: Int?
    var heatIntegral = 0.0
    private var acknowledged = 0
    private var lastScan: UInt64 = 0
    private var supplySince: UInt64 = 0

    static let second: UInt64 = 1_000_000_000
    /// After the supply returns.
    private static let restartDelay = 5 * second

    init(_ parameters: BatchPlant) {
        settings = parameters.plc.settings
        dosing = parameters.dosing
    }

    /// Step, recipe and counters are retained through a stop; the batch is held until somebody agrees to go on.
    mutating func restart(at time: UInt64) {
        outputs = Outputs()
        conditions = .init(repeating: nil)
        isRestarted = step != .idle
        lastScan = time
        supplySince = time
    }

    var hasAlarm: Bool {
        for alarm in BatchAlarm.allCases where alarms[alarm.rawValue] { return true }
        return false
    }

    /// Somebody must come.
    var needsPerson: Bool { hasAlarm || isRestarted }

    /// 0 auto, 1 hold, 2 alarm, 3 manual, 4 maintenance.
    var mode: Int { isManual ? 3 : hasAlarm ? 2 : isHeld || isRestarted ? 1 : isProbeHeld ? 4 : 0 }

    /// Of the batch, by strokes, in kg.
    var dosed_kg: Double { mass(inputs.strokes - startStrokes) }
    var total_kg: Double { mass(inputs.strokes) }
    private func mass(_ strokes: Int) -> Double { Double(strokes) * dosing.stroke_ml * 1e-3 * dosing.density_kgpl }

    /// What a batch that was broken off has left must go before the next one.
    var hasRemains: Bool { inputs.weight_kg > 30 }

    /// The next batch; nothing unless the vessel is free.
    mutating func start(_ number: Int) {
        guard step == .idle, !needsPerson, !isHeld, !isManual else { return }
        guard !hasRemains else { return enter(.drain) }
        recipe = number
        startWeight_kg = inputs.weight_kg
        startStrokes = inputs.strokes
        batches += 1
        enter(Recipe.all[number].waste_kg > 0 ? .fill : .dilute)
    }

    /// Somebody has seen to it: alarms whose cause is gone are reset. A batch that cannot go on is drained.
    mutating func attend() {
        isRestarted = false
        guard hasAlarm else { return }
        acknowledged += 1
        let isFull = conditions[BatchAlarm.highHigh.rawValue] != nil
        let isHopeless = conditions[BatchAlarm.acidity.rawValue] != nil || acknowledged > 3
        if isFull || isHopeless && step != .idle, step != .drain, inputs.chain { enter(.drain) }
        for alarm in BatchAlarm.allCases where !persists(alarm) { alarms[alarm.rawValue] = false }
        if !alarms[BatchAlarm.dosing.rawValue], !alarms[BatchAlarm.heating.rawValue], step == .dose || step == .heat {
            (elapsed_ns, reached_ns) = (0, nil)
        }
    }

    private func persists(_ alarm: BatchAlarm) -> Bool {
        switch alarm {
        // These are of a step, and begin anew.
        case .dosing, .heating: false
        case .highHigh, .acidity: step != .drain && conditions[alarm.rawValue] != nil
        default: conditions[alarm.rawValue] != nil
        }
    }

    mutating func enter(_ next: BatchStep) {
        step = next
        elapsed_ns = 0
        reached_ns = nil
        isDone = false
        lastStroke = nil
        acknowledged = 0
        if next == .agitate || next == .idle { heatIntegral = 0 }
    }

    mutating func scan(_ inputs: Inputs, at time: UInt64) -> Outputs {
        self.inputs = inputs
        let passed = min(Self.second, time - min(time, lastScan))
        lastScan = time
        if !isProbeHeld { pH = inputs.pH }
        if !inputs.supply { supplySince = time }
        let isSupplied = time - supplySince >= Self.restartDelay || supplySince == 0
        if isSupplied { monitor(at: time) }
        let isDraining = step == .drain && inputs.chain
        let isStopped = !isSupplied || isHeld || isManual || isRestarted || (hasAlarm && !isDraining)
        var next = Outputs()
        next.agitate = wantsAgitation && inputs.chain && isSupplied
        if isStopped {
            next.stroke_Hz = isManual && isSupplied ? manual : 0
        } else {
            elapsed_ns += passed
            advance(&next, at: time)
        }
        outputs = next
        return next
    }

    /// Without an alarm that forbids it.
    private var manual: Double { inputs.agitates && !hasAlarm && pH < 8.5 ? 1 : 0 }

    private var wantsAgitation: Bool {
        if alarms[BatchAlarm.agitator.rawValue] { return false }
        return switch step {
        case .idle, .fill, .dilute: false
        case .agitate, .heat, .hold: true
        case .dose: !isReordered
        case .drain: inputs.weight_kg > 100
        }
    }

    /// Raises an alarm once its condition has been there for its time.
    private mutating func watch(_ alarm: BatchAlarm, _ isThere: Bool, for span: UInt64, at time: UInt64) {
        let index = alarm.rawValue
        guard isThere else { return conditions[index] = nil }
        let since = conditions[index] ?? time
        conditions[index] = since
        if time - since >= span { alarms[index] = true }
    }

    private mutating func monitor(at time: UInt64) {
        watch(.stop, !inputs.chain, for: 0, at: time)
        watch(.highHigh, inputs.highHigh && step != .drain, for: 0, at: time)
        watch(.hot, inputs.hot, for: 0, at: time)
        for valve in 0..<3 {
            let isOn = outputs.valves[valve]
            let isCut = !inputs.chain || (valve < 2 && inputs.highHigh && isOn)
            let differs = isOn ? !inputs.opened[valve] : !inputs.closed[valve]
            let alarm = BatchAlarm(rawValue: BatchAlarm.valve1.rawValue + valve) ?? .valve1
            watch(alarm, differs && !isCut, for: UInt64(settings.travelTimeout.count), at: time)
        }
        watch(
            .agitator, outputs.agitate != inputs.agitates && inputs.chain, for: 2 * Self.second, at: time)
        let isTreated = step == .dose || step == .hold
        watch(.acidity, isTreated && pH > settings.highAlarm_pH, for: 20 * Self.second, at: time)
        watch(.dosing, step == .dose && elapsed_ns > UInt64(settings.dosingTimeout.count), for: 0, at: time)
        watch(.heating, step == .heat && elapsed_ns > UInt64(settings.heatingTimeout.count), for: 0, at: time)
    }
}
