import TapConfig
import TapCore

extension PumpStationPlant {
    /// Everything before `end` that has a time of its own, in order of time.
    mutating func happen(before end: UInt64) {
        while true {
            let contacts = min(contactors[0].next, contactors[1].next)
            let water = min(min(floats[0].moves, floats[1].moves), pulseEnds)
            let people = min(min(operations.next, attacks.next), bus.next)
            let next = min(contacts, min(water, people))
            guard next < end else { return }
            if next == attacks.next {
                changeAttacks(at: next)
            } else if next == operations.next {
                operate(before: end)
            } else if next == contacts {
                moveContact(contactors[0].next == next ? 0 : 1)
            } else if next == pulseEnds {
                endPulse()
            } else if next == floats[0].moves {
                moveFloat(0, .highFloat)
            } else if next == floats[1].moves {
                moveFloat(1, .lowFloat)
            } else {
                look(at: next)
            }
        }
    }

    private mutating func changeAttacks(at time: UInt64) {
        notes += attacks.change().map { .label($0) }
        for write in attacks.takeWrites() { bus.write(write, at: time) }
        sound(at: time)
    }

    private mutating func moveFloat(_ float: Int, _ line: StationLine) {
        let time = floats[float].moves
        floats[float].move()
        setContact(line.rawValue, high: floats[float].isClosed, at: time)
        energise(0, at: time)
        energise(1, at: time)
    }

    private mutating func moveContact(_ pump: Int) {
        let time = contactors[pump].next
        let wasClosed = contactors[pump].isMainClosed
        contactors[pump].move()
        setContact(StationLine.feedback(pump), high: contactors[pump].isAuxiliaryClosed, at: time)
        let isClosed = contactors[pump].isMainClosed
        guard isClosed != wasClosed, isSupplied else { return }
        let curve = StationCurve.current(pump)
        jump(curve, from: motors[pump].current_A, to: isClosed ? motors[pump].inrush_A : 0, at: time)
    }

    /// A curve that steps: two knots a nanosecond apart, the second unless the step's own knot stands there.
    private mutating func jump(_ curve: Int, from old: Double, to new: Double, at time: UInt64) {
        signals.set(curve, to: old, at: time)
        if (time + 1) % PumpStationPlant.step_ns != 0 { signals.set(curve, to: new, at: time + 1) }
    }

    private mutating func operate(before end: UInt64) {
        guard let (time, action) = operations.take(before: end) else { return }
        switch action {
        case .newDay:
            operations.plan(from: time)
            assess(0)
            assess(1)
        case .label(let label):
            notes.append(.label(label))
        case .selector(let pump, let auto, let hand):
            panel[pump].auto = auto
            panel[pump].hand = hand
            setContact(StationLine.auto(pump), high: auto, at: time)
            setContact(StationLine.hand(pump), high: hand, at: time)
            energise(pump, at: time)
        case .stopChain(let pump, let isClosed):
            panel[pump].ready = isClosed
            setContact(StationLine.ready(pump), high: isClosed, at: time)
            energise(pump, at: time)
        case .supply(let isThere):
            power.isDipped = !isThere
            supply(at: time)
        case .controlSupply(let isThere):
            power.isControlLost = !isThere
            supply(at: time)
        case .power(let isThere):
            power.isCut = !isThere
            if !isThere { power.hasBooted = false }
            supply(at: time)
            switchPLC(at: time)
            if !isThere { bus.turn(isOn: false, at: time) }
        case .plcBoots:
            power.hasBooted = !power.isCut
            switchPLC(at: time)
        case .hmiRuns(let isRunning):
            bus.turn(isOn: isRunning && !power.isCut, at: time)
        case .clock(let ahead):
            clockAhead = ahead
        case .liftFloat(let isLifted):
            floats[0].lift(isLifted, at: time)
        case .fouling(let perStep_m):
            foulingPerStep_m = perStep_m
            if perStep_m == 0 { fouling_m = 0 }
        case .plc(let isRunning):
            power.isDownloading = !isRunning
            switchPLC(at: time)
        case .hold(let isHeld):
            plc.program.isLevelHeld = isHeld
        case .transmitter(let level):
            jump(
                StationCurve.level.rawValue, from: transmitted_m, to: level ?? hydraulics.level_m, at: time)
            simulatedLevel_m = level
            transmitted_m = level ?? hydraulics.level_m
        case .rain(let flow):
            inflow.rain_m3ps = flow
        case .trip(let pump):
            trip(pump, at: time)
        case .resetOverload(let pump):
            panel[pump].overload = false
            setContact(StationLine.overload(pump), high: false, at: time)
            energise(pump, at: time)
        case .write(let write):
            bus.write(write, at: time)
        case .moveSettings(let metres):
            let now = attacks.settings
            bus.write(
                .settings(
                    start_m: now.start_m + metres, stop_m: now.stop_m, lag_m: now.lag_m + metres,
                    high_m: now.highAlarm_m + metres), at: time)
        case .visit(let end):
            bus.visit(from: time, to: end)
        case .fault(let kind, let pump, let isThere):
            fault(kind, pump, isThere, at: time)
        }
    }

    /// The PLC runs if it has power, has booted and nobody loads a program.
    private mutating func switchPLC(at time: UInt64) {
        let isRunning = power.letsPLCRun
        guard isRunning != plc.isRunning else { return }
        signals.set(StationLine.running.rawValue, high: isRunning, at: time)
        guard !isRunning else { return plc.start(at: time) }
        plc.stop()
        for pump in 0..<2 {
            commands[pump] = false
            signals.set(StationLine.command(pump), high: false, at: time)
            energise(pump, at: time)
        }
        sirenOutput = false
        sound(at: time)
    }

    private mutating func trip(_ pump: Int, at time: UInt64) {
        guard !panel[pump].overload else { return }
        panel[pump].overload = true
        setContact(StationLine.overload(pump), high: true, at: time)
        energise(pump, at: time)
        operations.respondToTrip(pump, at: time)
    }

    private mutating func fault(_ kind: PumpStation.Event.Kind, _ pump: Int, _ isThere: Bool, at time: UInt64) {
        let valve = parameters.pumps[pump].checkValve
        switch kind {
        case .lostPhase: motors[pump].hasLostPhase = isThere
        case .checkValveLeaking: hydraulics.setValve(pump, isThere ? .leaking : valve)
        case .checkValveStuck: hydraulics.setValve(pump, isThere ? .stuck : valve)
        case .floatStuck: floats[0].isStuck = isThere
        case .contactorWelded:
            contactors[pump].setWelded(isThere, at: time)
        case .rag:
            conditions[pump].isRagged = isThere
            assess(pump)
        default: break
        }
    }
}
