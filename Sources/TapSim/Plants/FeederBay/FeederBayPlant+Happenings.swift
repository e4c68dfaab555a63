import TapConfig
import TapCore
import TapDecode

extension FeederBayPlant {
    /// Everything before `end` that has a time of its own, in order of time.
    mutating func happen(before end: UInt64) {
        while true {
            let machine = min(breaker.next, nextArc)
            let people = min(operations.next, attacks.next)
            let display = min(poller.shows ?? .max, poller.deadline)
            let next = min(machine, min(people, display))
            guard next < end else { return }
            if next == attacks.next {
                changeAttacks(at: next)
            } else if next == operations.next {
                operate(before: end)
            } else if next == breaker.next {
                moveBreaker()
            } else if next == nextArc {
                endArc()
            } else {
                look(at: next)
            }
        }
    }

    private mutating func changeAttacks(at time: UInt64) {
        let (labels, pulses) = attacks.change()
        notes += labels.map { .label($0) }
        rtu.clockShift_ns = attacks.clockShift_ns
        for isClose in pulses { pulse(isClose: isClose, at: time) }
        energise(at: time)
    }

    // MARK: RTU and HMI

    /// The HMI's questions up to a time: a bus carries each when it is asked, whatever the RTU does meanwhile.
    mutating func ask(before time: UInt64) {
        let question = poller.nextQuestion
        if poller.ask(before: time) { serial.send(FeederScreen.question, at: question) }
    }

    /// The RTU's cycle.
    mutating func converse(at time: UInt64) {
        if rtu.isWaiting { rtu.supervise(truth, at: time) }
        ask(before: time)
        guard rtu.isRunning, !attacks.deniesView, let open = poller.openSince, open <= time else { return }
        var answer = rtu.answer(measured, isTested: injected_A != nil, at: time)
        attacks.act(on: &answer, at: time)
        answered = answer
        poller.answer(at: time)
        serial.send(answer.frame, at: time)
    }

    /// The HMI's side: it shows an answer, or that there was none.
    private mutating func look(at time: UInt64) {
        let isAnswered = poller.shows == time
        if isAnswered { poller.show() } else { poller.giveUp() }
        notes += screen.show(isAnswered ? answered : nil, truth: truth, at: time)
        if isAnswered { operations.watch(screen.shown, at: time) }
    }

    private mutating func pulse(isClose: Bool, at time: UInt64) {
        if isClose {
            closesByRTU = true
            setClose(at: time)
        } else {
            set(.tripCommand, true, at: time)
        }
        operations.add(.endPulse(isClose: isClose), at: time + UInt64(parameters.rtu.pulse.count))
        energise(at: time)
    }

    private mutating func endPulse(isClose: Bool, at time: UInt64) {
        if isClose {
            closesByRTU = false
            setClose(at: time)
        } else {
            set(.tripCommand, false, at: time)
        }
        energise(at: time)
    }

    private mutating func send(isClose: Bool, at time: UInt64) {
        let frame = ModbusRTU.frame(
            unit: FeederScreen.server, request: .writeCoil(address: isClose ? 1 : 0, isOn: true))
        serial.send(frame, at: time)
        notes.append(screen.order(isClose ? "close" : "trip", at: time))
        let there = time + FeederScreen.span(ofBytes: frame.count, serial.format)
        operations.add(.execute(isClose: isClose), at: there)
        operations.add(.echo(isClose: isClose), at: there + 10_000_000)
    }

    // MARK: People, weather, faults

    private mutating func operate(before end: UInt64) {
        guard let (time, action) = operations.take(before: end) else { return }
        switch action {
        case .newDay: operations.plan(from: time)
        case .label(let label): notes.append(.label(label))
        case .plan(let isOpen): operations.isOpenWanted = isOpen
        case .order(let isClose):
            operations.add(.send(isClose: isClose), at: FeederScreen.slot(after: time, parameters.hmi))
        case .send(let isClose): send(isClose: isClose, at: time)
        case .execute(let isClose): if rtu.isRunning, !isHigh(.local) { pulse(isClose: isClose, at: time) }
        case .echo(let isClose):
            guard rtu.isRunning, !attacks.deniesView else { return }
            serial.send(
                ModbusRTU.frame(
                    unit: FeederScreen.server, response: .wroteCoil(address: isClose ? 1 : 0, isOn: true)), at: time)
        case .endPulse(let isClose): endPulse(isClose: isClose, at: time)
        case .restore: if operations.mayRestore(screen.shown) { operations.add(.order(isClose: true), at: time) }
        case .crew:
            operations.crewIsDone()
            repair(at: time)
        default: operateField(action, at: time)
        }
    }

    private mutating func operateField(_ action: FeederAction, at time: UInt64) {
        switch action {
        case .local(let isLocal): set(.local, isLocal, at: time)
        case .byHand(let isClose):
            guard isIsolated, isHigh(.gas) else { return }
            if isClose { breaker.close(at: time) } else { breaker.open(at: time) }
            contactsMoved(at: time)
        case .isolator(let isOpen):
            // Not under load, and not onto a closed breaker.
            guard !breaker.isClosed, !breaker.touches[2] else { return }
            isIsolated = isOpen
            conduct(at: time)
        case .earth(let isEarthed):
            guard !isEarthed || (!breaker.isClosed && !breaker.touches[2]) else { return }
            self.isEarthed = isEarthed
            conduct(at: time)
        case .reclosing(let isOff): relay.program.isRecloseOff = isOff
        case .test(let isTested): injected_A = isTested ? 0 : nil
        case .inject(let current_A): if injected_A != nil { injected_A = current_A }
        case .supply(let isThere): supply(isThere, at: time)
        case .rtu(let isRunning):
            if isRunning {
                rtu.start(truth)
            } else {
                rtu.stop()
                endPulse(isClose: true, at: time)
                endPulse(isClose: false, at: time)
            }
        case .fault(let isThere, let isTransient):
            hasFault = isThere
            self.isTransient = isThere && isTransient
            conduct(at: time)
        case .clearTransient:
            guard isTransient, (0..<3).allSatisfy({ kinds[$0] == .none }) else { return }
            hasFault = false
            isTransient = false
        case .upstream:
            guard isFed(since: FeederOperations.upstreamDelay, at: time) else { return }
            openUpstream(true, at: time)
            operations.sendCrew(at: time)
        case .machine(let kind, let isThere): fail(kind, isThere, at: time)
        default: return
        }
        energise(at: time)
    }

    private mutating func supply(_ isThere: Bool, at time: UInt64) {
        set(.supply, isThere, at: time)
        guard !isThere else { return relay.start(at: time) }
        relay.stop()
        closesByRelay = false
        set(.tripRelay, false, at: time)
        setClose(at: time)
    }

    private mutating func fail(_ kind: FeederBay.Event.Kind, _ isThere: Bool, at time: UInt64) {
        switch kind {
        case .slowMechanism: breaker.isSlow = isThere
        case .auxiliaryStuck: breaker.setAuxiliaryStuck(isThere)
        case .springMotor: breaker.setMotorDead(isThere, at: time)
        case .poleStuck: if breaker.setPoleStuck(isThere) { polesMoved(at: time) }
        case .coilOpen: isCoilSound = !isThere
        case .gasLow: set(.gas, !isThere, at: time)
        case .dcLost: supply(!isThere, at: time)
        default: break
        }
        contactsMoved(at: time)
    }

    /// A crew resets the lockout and has the supply back, once nothing is wrong with the line any more.
    private mutating func repair(at time: UInt64) {
        guard !hasFault, !isEarthed else { return operations.waitForRepair(at: time) }
        set(.lockout, false, at: time)
        if isUpstreamOpen { openUpstream(false, at: time) }
        energise(at: time)
    }
}
