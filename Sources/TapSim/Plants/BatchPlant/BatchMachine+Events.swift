import TapConfig
import TapCore

/// What happens within a step, each thing at its own time.
extension BatchMachine {
    /// Everything before `end` that has a time of its own, in order of time.
    mutating func happen(before end: UInt64) {
        while true {
            let travel = min(min(valves[0].next, valves[1].next), valves[2].next)
            let electric = min(min(agitatorMoves, burst.next), min(nextStroke, strokeEnds))
            let people = min(min(operations.next, attacks.next), min(screen.shows ?? .max, screen.deadline))
            let next = min(travel, min(electric, people))
            guard next < end else { return }
            if next == attacks.next {
                notes += attacks.change().map { .label($0) }
                energise(at: next)
            } else if next == operations.next {
                operate(before: end)
            } else if next == travel {
                moveValve(next)
            } else if next == agitatorMoves {
                agitatorMoves = .max
                agitates = isAgitatorWanted
                showContacts(at: next)
            } else if next == burst.next {
                burst.move()
                fire(at: next)
            } else if next == strokeEnds {
                strokeEnds = .max
                signals.set(BatchLine.stroke.rawValue, high: false, at: next)
            } else if next == nextStroke {
                giveStroke(at: next)
            } else {
                look(at: next)
            }
        }
    }

    private mutating func moveValve(_ time: UInt64) {
        for valve in 0..<3 where valves[valve].next == time { valves[valve].move() }
        showContacts(at: time)
    }

    /// All contacts are fed by the control supply.
    mutating func showContacts(at time: UInt64) {
        for valve in 0..<3 {
            signals.set(BatchLine.opened(valve), high: valves[valve].isOpenSwitched && isSupplied, at: time)
            signals.set(BatchLine.closed(valve), high: valves[valve].isClosedSwitched && isSupplied, at: time)
        }
        signals.set(BatchLine.agitates.rawValue, high: agitates && isSupplied, at: time)
        signals.set(
            BatchLine.highHigh.rawValue, high: isHighHigh && isSupplied && !attacks.bridgesHighHigh, at: time)
        signals.set(BatchLine.tooHot.rawValue, high: isHot && isSupplied && !attacks.bridgesHot, at: time)
        signals.set(BatchLine.emergency.rawValue, high: isChainClosed && isSupplied, at: time)
    }

    /// The two hardwired limits, at the beginning of a step.
    mutating func watchLimits(at time: UInt64) {
        let wasHigh = isHighHigh
        let wasHot = isHot
        let high = parameters.vessel.highHigh_kg
        let hot = parameters.vessel.tooHot_degC
        isHighHigh = vessel.mass_kg >= (isHighHigh ? high - 20 : high)
        isHot = vessel.temperature_degC >= (isHot ? hot - 5 : hot)
        if isHighHigh != wasHigh || isHot != wasHot { energise(at: time) }
    }

    var isAgitatorWanted: Bool { commands.agitate && isChainClosed && isSupplied }

    /// Solenoids, coils and the heater's contactor, by command, chain, supply and the hardwired limits.
    mutating func energise(at time: UInt64) {
        let isLive = isChainClosed && isSupplied
        let mayFill = isLive && !(isHighHigh && !attacks.bridgesHighHigh)
        for valve in 0..<3 { valves[valve].set(commands.valves[valve] && (valve < 2 ? mayFill : isLive), at: time) }
        if isAgitatorWanted != agitates, agitatorMoves == .max {
            agitatorMoves =
                time + UInt64((isAgitatorWanted ? 22 + 8 * contacts.unit() : 12 + 5 * contacts.unit()) * 1e6)
        }
        fire(at: time)
        showContacts(at: time)
    }

    /// The heater's current as it is from now on.
    private mutating func fire(at time: UInt64) {
        signals.set(BatchLine.heat.rawValue, high: burst.isOn, at: time)
        let isCut = !isChainClosed || !isSupplied || (isHot && !attacks.bridgesHot)
        let flows = burst.conducts && !isCut
        guard flows != (current_A > 0) else { return }
        heat(until: time)
        // The mains differ from burst to burst.
        if flows { mains = 0.985 + 0.03 * network.unit() }
        let now = flows ? parameters.heater.element_A * Double(3 - openElements) * mains : 0
        signals.set(BatchCurve.current.rawValue, to: current_A, at: time)
        if (time + 1) % BatchMachine.step_ns != 0 { signals.set(BatchCurve.current.rawValue, to: now, at: time + 1) }
        current_A = now
    }

    private mutating func giveStroke(at time: UInt64) {
        nextStroke = .max
        lastStroke = time
        strokeEnds = time + UInt64(parameters.dosing.pulse.count)
        strokes += 1
        signals.set(BatchLine.stroke.rawValue, high: true, at: time)
        let spread = 0.99 + 0.02 * doses.unit()
        guard isChainClosed, isSupplied, isDrumConnected else { return }
        if airStrokes > 0 {
            airStrokes -= 1
        } else if !hasDosingAir || strokes % 5 == 0 {
            let volume_ml = stroke * spread
            line.put(volume_ml)
            pumped_kg += volume_ml * 1e-3 * parameters.dosing.density_kgpl
        }
    }

    mutating func write(_ program: BatchProgram.Outputs, at time: UInt64) {
        var outputs = program
        if plc.isRunning { attacks.act(on: &outputs, in: plc.program.step) }
        apply(outputs, at: time)
        if plc.isRunning { operations.watch(plc.program, at: time) }
    }

    /// What the output cards hold.
    mutating func apply(_ outputs: BatchProgram.Outputs, at time: UInt64) {
        var isChanged = outputs.agitate != commands.agitate
        for valve in 0..<3 where outputs.valves[valve] != commands.valves[valve] { isChanged = true }
        commands = outputs
        if isChanged {
            for valve in 0..<3 { signals.set(BatchLine.command(valve), high: outputs.valves[valve], at: time) }
            signals.set(BatchLine.agitate.rawValue, high: outputs.agitate, at: time)
            energise(at: time)
        }
        let wasOn = burst.isOn
        burst.set(outputs.duty, at: time)
        if burst.isOn != wasOn { fire(at: time) }
        nextStroke = outputs.stroke_Hz > 0 ? max(time, lastStroke + UInt64(1e9 / outputs.stroke_Hz)) : .max
    }
}
