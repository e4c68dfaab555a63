public import TapConfig
public import TapCore

/// A feeder bay in virtual time: circuit breaker, currents, protection relay, RTU, HMI, people and weather, and attacks.
///
/// A run is a function of (parameters, seed, attacks). One step is 0.1 s, within it the relay's cycle 5 ms and the RTU's
/// 20 ms; contacts, coils, currents and people have their own times, to the nanosecond. docs/feeder-bay.md says what is
/// modelled and what not.
public struct FeederBayPlant: Plant, Sendable {
    public var signals = Signals()
    public var tags: [TagInfo] { FeederScreen.tags }

    let parameters: FeederBay
    let clock: CivilClock
    var grid: FeederGrid
    var breaker: CircuitBreaker
    var currents: InlineArray<3, PhaseCurrent> = .init(repeating: PhaseCurrent())
    private(set) var kinds: InlineArray<3, Kind> = .init(repeating: .none)
    /// When the arc of a pole that has parted goes out; the end of time: it has none.
    private var arcEnds: InlineArray<3, UInt64> = .init(repeating: .max)
    private var lastKnots: InlineArray<4, UInt64> = .init(repeating: 0)
    private var isDipping = false
    var relay: ScanEngine<ProtectionProgram>
    var rtu: TelecontrolUnit
    var screen: FeederScreen
    var poller: Poller
    var serial: SerialSender
    var operations: FeederOperations
    var attacks: FeederAttacks
    var answered: FeederAnswer?
    var notes: [PlantNote] = []

    /// What the field is, where the RTU has an input for it.
    private(set) var field = FeederReport()
    var levels: InlineArray<12, Bool>
    /// Outputs that close: of the RTU, and of the relay.
    var closesByRTU = false
    var closesByRelay = false
    /// The order to close was carried out, or came to a closed breaker: no other one before it is away.
    private var isPumpLatched = false
    var isIsolated = false
    var isEarthed = false
    var hasFault = false
    var isTransient = false
    var isUpstreamOpen = false
    var isCoilSound = true
    /// Of a test: the trip link is open, and the relay has this current in place of the line's.
    var injected_A: Double?
    private var faultSince: UInt64?
    /// What the relay's record of the last fault should say.
    private var trueFault_A = 0.0
    private var wasStarted = false
    private let gains: InlineArray<4, Double>
    private var time: UInt64 = 0

    static let step_ns: UInt64 = 100_000_000

    /// What a phase carries.
    enum Kind: Sendable { case none, load, fault }

    public init(_ parameters: FeederBay, seed: UInt64, attacks list: [Attack] = []) {
        self.parameters = parameters
        let clock = CivilClock(parameters.clock)
        self.clock = clock
        grid = FeederGrid(parameters.line, clock: clock, random: Random(seed: seed, stream: "feeder bay grid"))
        breaker = CircuitBreaker(parameters.breaker, random: Random(seed: seed, stream: "feeder bay breaker"))
        relay = ScanEngine(
            ProtectionProgram(parameters.relay), jitter: .zero, execution: .milliseconds(2),
            random: Random(seed: seed, stream: "feeder bay relay"))
        levels = .init { FeederLine(rawValue: $0)?.startsHigh ?? false }
        for line in FeederLine.allCases { if let tag = line.tag { field.set(tag, to: line.startsHigh) } }
        field[.position] = FeederTag.position(closed: true, open: false)
        rtu = TelecontrolUnit(parameters.rtu, clock: clock, first: field)
        screen = FeederScreen(parameters.hmi, clock: clock)
        poller = Poller(FeederScreen.timing(parameters.hmi), first: FeederScreen.firstQuestion, seed: seed)
        serial = SerialSender(RegisterScreen<FeederTag>.format(baud: parameters.hmi.baud))
        operations = FeederOperations(parameters, clock: clock, seed: seed)
        attacks = FeederAttacks(list, parameters, seed: seed)
        var random = Random(seed: seed, stream: "feeder bay transducers")
        gains = .init { _ in 1 + 0.004 * (2 * random.unit() - 1) }
        for index in 0..<3 {
            kinds[index] = .load
            currents[index] = PhaseCurrent(amplitude: grid.load[index], phase: FeederBayPlant.lag(index, 0.05))
        }
        declare()
    }

    private mutating func declare() {
        for line in FeederLine.allCases { _ = signals.declareDigital(line.name, startsHigh: line.startsHigh) }
        for curve in FeederCurve.allCases {
            let index = curve.rawValue
            let isVoltage = curve == .voltageA
            _ = signals.declareAlternating(
                curve.name, unit: curve.unit, period: Nanoseconds(Int64(FeederGrid.period_ns)),
                amplitude: isVoltage ? grid.voltage : currents[index].amplitude,
                phase: isVoltage ? 0 : currents[index].phase)
        }
    }

    /// Of a phase's current against the grid, in turns.
    private static func lag(_ phase: Int, _ lag: Double) -> Double { [0, -1.0 / 3, 1.0 / 3][phase] - lag }

    public mutating func advance(to end: Timestamp) {
        while end.nanoseconds >= time, end.nanoseconds - time >= FeederBayPlant.step_ns { step() }
        signals.advance(to: Timestamp(nanoseconds: time))
    }

    public mutating func takeNotes() -> [PlantNote] {
        let taken = notes
        notes.removeAll(keepingCapacity: taken.count < 4_096)
        return taken
    }

    /// The relay's cycles one after the other; contacts, people and attacks between them, each at its time.
    private mutating func step() {
        grid.step(at: time)
        for phase in 0..<3 where kinds[phase] == .load { currents[phase].scale(amplitude: grid.load[phase]) }
        let end = time + FeederBayPlant.step_ns
        if isQuiet(until: end) { rest(until: end) } else { work(until: end) }
        ask(before: end)
        serial.transmit(before: end, to: FeederLine.serial.rawValue, of: &signals)
        time = end
        for curve in 0..<4 { knot(curve, at: end) }
    }

    private var largest_A: Double { max(currents[0].rms, max(currents[1].rms, currents[2].rms)) }

    /// Whether twenty cycles of the relay would find what the last one found.
    private func isQuiet(until end: UInt64) -> Bool {
        guard min(breaker.next, nextArc) >= end, min(operations.next, attacks.next) >= end, !attacks.isInRelay,
            !isHigh(.closeCommand), !isHigh(.tripCommand)
        else { return false }
        for phase in 0..<3 where currents[phase].isOffset { return false }
        return !relay.isRunning || relay.program.isIdle(with: injected_A ?? largest_A)
    }

    /// A step in which nobody does anything but the HMI.
    private mutating func rest(until end: UInt64) {
        if relay.isRunning { relay.program.settle(on: injected_A ?? largest_A) }
        if rtu.isWaiting || poller.isBusy(before: end) {
            for slot in stride(from: time, to: end, by: 20_000_000) {
                happen(before: slot + 2_000_001)
                converse(at: slot + 2_000_000)
            }
        }
        happen(before: end)
    }

    private mutating func work(until end: UInt64) {
        var start = time
        while start < end {
            let scan = relay.nextScan(from: start)
            happen(before: scan.read + 1)
            attacks.act(on: &relay.program)
            let outputs = relay.scan(readInputs(), at: scan.read)
            happen(before: scan.write + 1)
            write(outputs, at: scan.write)
            rtu.isWaiting = true
            if start % 20_000_000 == 0 { converse(at: scan.write) }
            start += ProtectionProgram.cycle_ns
            happen(before: start)
            if start < end { trace(at: start) }
        }
        // What the last cycle changed is seen in the next step.
        rtu.isWaiting = true
    }

    // MARK: Currents and voltage

    private mutating func knot(_ curve: Int, at time: UInt64) {
        let time = max(time, lastKnots[curve])
        lastKnots[curve] = time
        let ahead = grid.turnsAhead(at: time)
        guard curve < 3 else {
            let dip = isUpstreamOpen ? 0 : isDipping ? 0.4 : 1
            return signals.set(curve, to: 0, amplitude: grid.voltage * dip, phase: ahead, at: time)
        }
        let current = currents[curve]
        signals.set(
            curve, to: current.offset(at: time), amplitude: current.amplitude, phase: ahead + current.phase, at: time)
    }

    /// While an offset decays.
    private mutating func trace(at time: UInt64) {
        for phase in 0..<3 where currents[phase].isOffset {
            currents[phase].settle(at: time)
            knot(phase, at: time)
        }
    }

    private func isConducting(_ phase: Int) -> Bool {
        (breaker.touches[phase] || arcEnds[phase] != .max) && !isIsolated && !isUpstreamOpen
    }

    /// Poles, line or supply have changed.
    mutating func conduct(at time: UInt64) {
        for phase in 0..<3 {
            let isFaulty = hasFault || isEarthed
            let kind: Kind = !isConducting(phase) ? .none : isFaulty ? .fault : .load
            guard kind != kinds[phase] else { continue }
            knot(phase, at: time)
            kinds[phase] = kind
            let isFault = kind == .fault
            if kind == .none {
                currents[phase].cut()
            } else {
                currents[phase].change(
                    amplitude: isFault ? 1.4142135623730951 * parameters.line.fault_A : grid.load[phase],
                    phase: FeederBayPlant.lag(phase, isFault ? 0.19 : 0.05),
                    decay_ns: isFault ? Double(parameters.line.offset.count) : 5e6, at: time,
                    turns: grid.turns(at: time))
            }
            knot(phase, at: time + 1)
        }
        let isFaulted = (0..<3).contains { kinds[$0] == .fault }
        if isFaulted, faultSince == nil { operations.add(.upstream, at: time + FeederOperations.upstreamDelay) }
        faultSince = isFaulted ? faultSince ?? time : nil
        dip(isFaulted, at: time)
        if isTransient, (0..<3).allSatisfy({ kinds[$0] == .none }) {
            operations.add(.clearTransient, at: time + 200_000_000)
        }
    }

    private mutating func dip(_ isDipping: Bool, at time: UInt64) {
        guard isDipping != self.isDipping else { return }
        knot(3, at: time)
        self.isDipping = isDipping
        knot(3, at: time + 1)
    }

    mutating func openUpstream(_ isOpen: Bool, at time: UInt64) {
        knot(3, at: time)
        isUpstreamOpen = isOpen
        knot(3, at: time + 1)
        conduct(at: time)
    }

    /// A fault has been fed for so long that it must be cleared elsewhere.
    func isFed(since span: UInt64, at time: UInt64) -> Bool { faultSince.map { time - $0 >= span } ?? false }

    // MARK: Breaker and its circuits

    var nextArc: UInt64 { min(arcEnds[0], min(arcEnds[1], arcEnds[2])) }

    mutating func endArc() {
        let time = nextArc
        for phase in 0..<3 where arcEnds[phase] == time { arcEnds[phase] = .max }
        conduct(at: time)
    }

    mutating func moveBreaker() {
        let time = breaker.next
        if breaker.move() { polesMoved(at: time) }
        contactsMoved(at: time)
        energise(at: time)
    }

    /// A pole that parts under current has an arc until that passes zero, 5 ms later at the earliest.
    mutating func polesMoved(at time: UInt64) {
        for phase in 0..<3 {
            let hasCurrent = kinds[phase] != .none
            if breaker.touches[phase] {
                arcEnds[phase] = .max
            } else if hasCurrent, arcEnds[phase] == .max {
                arcEnds[phase] = grid.zero(of: currents[phase], from: time + 5_000_000)
            }
        }
        conduct(at: time)
    }

    mutating func contactsMoved(at time: UInt64) {
        let (closed, open) = (breaker.isClosedContact, breaker.isOpenContact)
        if closed != levels[FeederLine.closedContact.rawValue] || open != levels[FeederLine.openContact.rawValue] {
            set(.closedContact, closed, at: time)
            set(.openContact, open, at: time)
            field[.position] = FeederTag.position(closed: closed, open: open)
            rtu.notePosition(closed: closed, open: open, at: time)
        }
        set(.spring, breaker.isCharged, at: time)
    }

    func isHigh(_ line: FeederLine) -> Bool { levels[line.rawValue] }

    /// A line, and what the RTU makes of it.
    mutating func set(_ line: FeederLine, _ isHigh: Bool, at time: UInt64) {
        guard levels[line.rawValue] != isHigh else { return }
        levels[line.rawValue] = isHigh
        signals.set(line.rawValue, high: isHigh, at: time)
        guard let tag = line.tag else { return }
        field.set(tag, to: isHigh)
        rtu.note(tag, isHigh ? 1 : 0, at: time)
    }

    /// Both coils' circuits. The trip coil stands behind 52A, the close coil behind anti-pumping and the lockout.
    mutating func energise(at time: UInt64) {
        let isRemote = !isHigh(.local)
        let isLinked = injected_A == nil
        let isWhole = isHigh(.supply) && isCoilSound && !attacks.cutsCoil && isLinked
        let trips = isHigh(.tripCommand) && isRemote || isHigh(.tripRelay)
        set(.tripCircuit, isWhole && !trips, at: time)
        if trips, isWhole, isHigh(.gas), breaker.isClosedContact { breaker.open(at: time) }
        let closes = isHigh(.closeCommand) && isHigh(.supply)
        if !closes {
            isPumpLatched = false
        } else if breaker.isClosedContact {
            isPumpLatched = true
        }
        guard closes, isRemote, !isPumpLatched, isHigh(.gas), !isHigh(.lockout) else { return }
        breaker.close(at: time)
        contactsMoved(at: time)
    }

    // MARK: Relay

    private func readInputs() -> ProtectionProgram.Inputs {
        var inputs = ProtectionProgram.Inputs()
        inputs.current_A = injected_A ?? largest_A
        inputs.isClosed = breaker.isClosedContact
        inputs.isOpen = breaker.isOpenContact
        inputs.isCharged = breaker.isCharged
        inputs.isClosing = closesByRTU
        inputs.isTripping = isHigh(.tripCommand)
        inputs.isTested = injected_A != nil
        attacks.act(on: &inputs)
        return inputs
    }

    private mutating func write(_ outputs: ProtectionProgram.Outputs, at time: UInt64) {
        if relay.program.isStarted {
            trueFault_A = max(wasStarted ? trueFault_A : 0, injected_A ?? largest_A)
        }
        wasStarted = relay.program.isStarted
        let hasChanged = outputs.trip != isHigh(.tripRelay) || outputs.close != closesByRelay
        guard hasChanged || outputs.lockout else { return }
        closesByRelay = outputs.close
        set(.tripRelay, outputs.trip, at: time)
        setClose(at: time)
        if outputs.lockout, !isHigh(.lockout) {
            set(.lockout, true, at: time)
            operations.sendCrew(at: time)
        }
        energise(at: time)
    }

    /// The close circuit has voltage by either.
    mutating func setClose(at time: UInt64) { set(.closeCommand, closesByRTU || closesByRelay, at: time) }

    // MARK: What is true of each tag

    /// By the field, the approved settings and the program's own state.
    var truth: FeederReport {
        var truth = field
        truth.set(.started, to: relay.isRunning && relay.program.isStarted)
        truth[.reclosing] = relay.program.reclosing.rawValue
        for tag in [FeederTag.alarmTripCircuit, .alarmSpring, .alarmBreaker, .alarmGas, .alarmSupply] {
            truth[tag] = rtu.report[tag]
        }
        truth.set(.currentA, to: currents[0].rms)
        truth.set(.currentB, to: currents[1].rms)
        truth.set(.currentC, to: currents[2].rms)
        truth.set(.voltageA, to: isUpstreamOpen ? 0 : grid.voltage * 0.7071067811865476 * (isDipping ? 0.4 : 1))
        truth.set(.pickup, to: parameters.relay.pickup_A)
        truth.set(.timeMultiplier, to: parameters.relay.timeMultiplier)
        truth.set(.faultCurrent, to: trueFault_A)
        truth.set(.tripTime, to: relay.program.tripTime_s)
        truth[.operations] = Int32(truncatingIfNeeded: breaker.operations)
        return truth
    }

    /// The same through transducers and relay, as the RTU has it.
    var measured: FeederReport {
        var report = truth
        for (index, tag) in [FeederTag.currentA, .currentB, .currentC].enumerated() {
            report.set(tag, to: (injected_A ?? currents[index].rms) * gains[index])
        }
        report.set(.voltageA, to: report.number(.voltageA) * gains[3])
        report.set(.pickup, to: relay.program.settings.pickup_A)
        report.set(.timeMultiplier, to: relay.program.settings.timeMultiplier)
        report.set(.faultCurrent, to: relay.program.fault_A)
        return report
    }
}
