import TapCore

/// The protection relay: inverse-time overcurrent (IEC 60255-151), automatic reclosing with two shots, and the order to
/// the lockout relay. Its cycle is 5 ms; it measures over one period of the grid.
struct ProtectionProgram: ControlProgram {
    struct Inputs: Sendable {
        /// RMS of the largest phase.
        var current_A = 0.0
        var isClosed = true
        var isOpen = false
        var isCharged = true
        /// An order to close that is not the relay's own.
        var isClosing = false
        var isTripping = false
        /// A test set feeds it.
        var isTested = false
    }

    struct Outputs: Sendable, Hashable {
        var trip = false
        var close = false
        /// Sets the lockout relay, which stays.
        var lockout = false
    }

    enum Reclosing: Int32, Sendable {
        case ready, deadTime, reclaim, off
    }

    static let safeOutputs = Outputs()

    var settings: FeederBay.Settings
    /// By an attack: trips no more; recloses without end.
    var isBlocked = false
    var isEndless = false
    /// Reclosing is switched off, as for work on the line.
    var isRecloseOff = false
    private(set) var measured_A = 0.0
    private(set) var isStarted = false
    private(set) var isTripping = false
    private(set) var reclosing = Reclosing.ready
    /// Of the last fault; the time from start to trip.
    private(set) var fault_A = 0.0
    private(set) var tripTime_s = 0.0
    private var window: InlineArray<4, Double> = .init(repeating: 0)
    private var scans = 0
    /// 1: it trips.
    private var progress = 0.0
    private var startedAt: UInt64 = 0
    private var trippedAt: UInt64 = 0
    private var shots = 0
    /// Of the dead time or of the reclaim time; in the dead time nil until the breaker is open.
    private var until: UInt64?
    private var closeUntil: UInt64?
    /// Of the last order to close by others.
    private var closedBy: UInt64?

    static let cycle_ns: UInt64 = 5_000_000
    private static let second: UInt64 = 1_000_000_000
    private static let shortestTrip: UInt64 = 100_000_000
    /// A fault so soon after an order to close is final.
    private static let ontoFault = 5 * second
    private static let patience = 30 * second

    init(_ settings: FeederBay.Settings) { self.settings = settings }

    mutating func restart(at time: UInt64) {
        var fresh = ProtectionProgram(settings)
        fresh.isRecloseOff = isRecloseOff
        fresh.fault_A = fault_A
        fresh.tripTime_s = tripTime_s
        self = fresh
    }

    /// Nothing is going on in it, and such a current changes nothing.
    func isIdle(with current_A: Double) -> Bool {
        !isStarted && !isTripping && closeUntil == nil && reclosing == (isRecloseOff ? .off : .ready)
            && current_A < 0.95 * settings.pickup_A
    }

    /// As after many cycles with a current that changes nothing.
    mutating func settle(on current_A: Double) {
        window = .init(repeating: current_A)
        measured_A = current_A
    }

    mutating func scan(_ inputs: Inputs, at time: UInt64) -> Outputs {
        measure(inputs.current_A)
        if inputs.isClosing { closedBy = time }
        var outputs = Outputs()
        if protect(inputs, at: time) { outputs.lockout = decide(inputs, at: time) }
        outputs.lockout = reclose(inputs, at: time) || outputs.lockout
        outputs.trip = isTripping
        outputs.close = closeUntil != nil
        return outputs
    }

    /// The mean over the last period: a step of the current gets through within one.
    private mutating func measure(_ current_A: Double) {
        window[scans % 4] = current_A
        scans += 1
        measured_A = (window[0] + window[1] + window[2] + window[3]) / 4
    }

    /// - Returns: whether it trips now.
    private mutating func protect(_ inputs: Inputs, at time: UInt64) -> Bool {
        let wasStarted = isStarted
        isStarted = measured_A > settings.pickup_A * (isStarted ? 0.95 : 1)
        guard isStarted else {
            progress = 0
            if isTripping, time - trippedAt >= ProtectionProgram.shortestTrip { isTripping = false }
            return false
        }
        if !wasStarted {
            startedAt = time
            fault_A = 0
        }
        fault_A = max(fault_A, measured_A)
        progress += Double(ProtectionProgram.cycle_ns) * 1e-9 / InverseTime.operating_s(measured_A, settings)
        guard progress >= 1, !isTripping, !isBlocked else { return false }
        isTripping = true
        trippedAt = time
        tripTime_s = Double(time - startedAt) * 1e-9
        return true
    }

    /// What follows a trip: a dead time, or the lockout.
    ///
    /// - Returns: whether it is final.
    private mutating func decide(_ inputs: Inputs, at time: UInt64) -> Bool {
        closeUntil = nil
        guard !inputs.isTested else { return false }
        let isOntoFault = closedBy.map { time - $0 < ProtectionProgram.ontoFault } ?? false
        let isFinal = isRecloseOff || isOntoFault || shots >= 2
        guard !isFinal || isEndless else {
            rest()
            return true
        }
        shots += 1
        reclosing = .deadTime
        until = nil
        return false
    }

    /// - Returns: whether it gives up: locks out.
    private mutating func reclose(_ inputs: Inputs, at time: UInt64) -> Bool {
        if let end = closeUntil, inputs.isClosed || time >= end { closeUntil = nil }
        switch reclosing {
        case .ready, .off: reclosing = isRecloseOff ? .off : .ready
        case .reclaim: if let until, time >= until { rest() }
        case .deadTime:
            // Opened by an order: not to be closed.
            if inputs.isTripping { rest() }
            guard let until else {
                if inputs.isOpen, !isTripping {
                    let dead = shots == 1 ? settings.deadTime1 : settings.deadTime2
                    self.until = time + UInt64(dead.count)
                } else if time - trippedAt > ProtectionProgram.patience {
                    rest()
                    return true
                }
                return false
            }
            guard time >= until else { return false }
            guard inputs.isCharged else {
                guard time - until >= ProtectionProgram.patience else { return false }
                rest()
                return true
            }
            closeUntil = time + 200_000_000
            reclosing = .reclaim
            self.until = time + UInt64(settings.reclaim.count)
        }
        return false
    }

    private mutating func rest() {
        reclosing = isRecloseOff ? .off : .ready
        shots = 0
        until = nil
    }
}
