import TapConfig
import TapCore

/// What people and faults do.
extension BatchMachine {
    mutating func operate(before end: UInt64) {
        guard let (time, action) = operations.take(before: end) else { return }
        switch action {
        case .newDay: operations.plan(from: time)
        case .label(let label): notes.append(.label(label))
        case .order(let recipe): operations.ask(recipe)
        case .start: startBatch()
        case .attend:
            operations.hasCome()
            if valves[0].isHeldOpen { isShutByHand.0 = true }
            if valves[1].isHeldOpen { isShutByHand.1 = true }
            onPrograms { $0.attend() }
        case .held(let isHeld): onPrograms { $0.isHeld = isHeld }
        case .manual(let isManual): onPrograms { $0.isManual = isManual }
        case .probeHeld(let isHeld): onPrograms { $0.isProbeHeld = isHeld }
        case .buffer(let pH): probe.buffer_pH = pH
        case .calibrated: probe.calibrate()
        case .drum(let isConnected):
            isDrumConnected = isConnected
            if isConnected { airStrokes = 12 }
        case .chain(let isClosed):
            isChainClosed = isClosed
            energise(at: time)
        case .supply(let isThere):
            isSupplied = isThere
            signals.set(BatchLine.supply.rawValue, high: isThere, at: time)
            energise(at: time)
        case .plc(let isRunning): switchPLC(isRunning, at: time)
        case .fault(let kind, let valve, let isThere): fault(kind, valve, isThere, at: time)
        }
    }

    /// What an operator does, the approved program sees as well.
    private mutating func onPrograms(_ act: (inout BatchProgram) -> Void) {
        act(&plc.program)
        if approved != nil { act(&approved!) }
    }

    private mutating func startBatch() {
        guard let recipe = operations.takeOrder(plc.program) else { return }
        let chemistry = parameters.chemistry
        func varied() -> Double { max(0.3, 1 + chemistry.variation * waste.gaussian()) }
        vessel.waste = Vessel.Waste(
            acid_molpl: chemistry.acid_molpl * varied(), buffer_molpl: chemistry.buffer_molpl * varied(),
            temperature_degC: 15 + 3 * waste.gaussian())
        pumpedBefore_kg = pumped_kg
        onPrograms { $0.start(recipe) }
    }

    private mutating func switchPLC(_ isRunning: Bool, at time: UInt64) {
        signals.set(BatchLine.running.rawValue, high: isRunning, at: time)
        if isRunning {
            plc.start(at: time)
            approved?.restart(at: time)
        } else {
            plc.stop()
            apply(BatchProgram.safeOutputs, at: time)
        }
    }

    private mutating func fault(_ kind: BatchPlant.Event.Kind, _ valve: Int, _ isThere: Bool, at time: UInt64) {
        switch kind {
        case .valveStuck:
            valves[valve].stick(at: isThere ? 0.5 : nil, at: time)
            if !isThere, valve == 0 { isShutByHand.0 = false }
            if !isThere, valve == 1 { isShutByHand.1 = false }
        case .dosingAir: hasDosingAir = isThere
        case .probeFouled: probe.isFouled = isThere
        case .elementOpen: openElements = isThere ? 1 : 0
        default: break
        }
    }
}
