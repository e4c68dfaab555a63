import TapCore

/// The RTU's memory: what its inputs say, and each change of them with the time at which it was seen, to 1 ms.
struct TelecontrolUnit: Sendable {
    private(set) var isRunning = true
    /// How far an attack has moved its clock.
    var clockShift_ns: Int64 = 0
    private(set) var report: FeederReport
    private(set) var changes: [StampedChange] = []
    private let clock: CivilClock
    private let clockError_ns: Int64
    /// Something has changed, or one of its times is running: it is to be supervised.
    var isWaiting = true
    /// Since when the auxiliary contacts have been alike.
    private var doubtfulSince: UInt64?
    private var circuitLowSince: UInt64?
    private var springLowSince: UInt64?
    private var tripSince: UInt64?

    /// What it has room for; the oldest gives way.
    private static let mostChanges = 256
    private static let second: UInt64 = 1_000_000_000

    init(_ parameters: FeederBay.Telecontrol, clock: CivilClock, first: FeederReport) {
        self.clock = clock
        clockError_ns = parameters.clockError.count
        report = first
    }

    /// Its clock at a time, in milliseconds since 1970.
    func stamp_ms(at time: UInt64) -> UInt64 {
        UInt64(max(0, Int64(clock.utc_ns(at: time)) + clockError_ns + clockShift_ns)) / 1_000_000
    }

    mutating func note(_ tag: FeederTag, _ count: Int32, at time: UInt64) {
        guard isRunning, report[tag] != count else { return }
        report[tag] = count
        if changes.count == TelecontrolUnit.mostChanges { changes.removeFirst() }
        changes.append(StampedChange(tag: tag, count: count, stamp_ms: stamp_ms(at: time)))
    }

    /// A contact of the two has moved: what lies between open and closed counts only if it lasts.
    mutating func notePosition(closed: Bool, open: Bool, at time: UInt64) {
        if closed != open {
            doubtfulSince = nil
            note(.position, FeederTag.position(closed: closed, open: open), at: time)
        } else {
            doubtfulSince = time
        }
    }

    /// Its alarms, once a cycle.
    mutating func supervise(_ truth: FeederReport, at time: UInt64) {
        guard isRunning else { return }
        defer {
            isWaiting =
                doubtfulSince != nil || circuitLowSince != nil || springLowSince != nil || tripSince != nil
        }
        note(.started, truth[.started], at: time)
        note(.reclosing, truth[.reclosing], at: time)
        if let since = doubtfulSince, time - since > TelecontrolUnit.second / 2 {
            note(.position, truth[.position], at: time)
        }
        let circuit = TelecontrolUnit.lasts(truth[.tripCircuit] == 0, &circuitLowSince, TelecontrolUnit.second, time)
        note(.alarmTripCircuit, circuit ? 1 : 0, at: time)
        let spring = TelecontrolUnit.lasts(truth[.spring] == 0, &springLowSince, 15 * TelecontrolUnit.second, time)
        note(.alarmSpring, spring ? 1 : 0, at: time)
        let isTripped = truth[.tripRelay] != 0 && truth[.position] != 1
        let fails = TelecontrolUnit.lasts(isTripped, &tripSince, TelecontrolUnit.second / 5, time)
        let isDoubtful = report[.position] == 0 || report[.position] == 3
        note(.alarmBreaker, fails || isDoubtful ? 1 : 0, at: time)
        note(.alarmGas, truth[.gas] == 0 ? 1 : 0, at: time)
        note(.alarmSupply, truth[.supply] == 0 ? 1 : 0, at: time)
    }

    private static func lasts(_ condition: Bool, _ since: inout UInt64?, _ least: UInt64, _ time: UInt64) -> Bool {
        guard condition else {
            since = nil
            return false
        }
        let start = since ?? time
        since = start
        return time - start >= least
    }

    mutating func stop() {
        isRunning = false
        changes = []
    }

    /// Reads its inputs; what changed before has no stamp.
    mutating func start(_ truth: FeederReport) {
        isRunning = true
        doubtfulSince = nil
        circuitLowSince = nil
        springLowSince = nil
        tripSince = nil
        for tag in FeederTag.allCases where tag.hasEvents { report[tag] = truth[tag] }
    }

    /// What is answered now: `measured` in place of what it keeps no changes of.
    mutating func answer(_ measured: FeederReport, isTested: Bool, at time: UInt64) -> FeederAnswer {
        var report = report
        for tag in FeederTag.allCases where !tag.hasEvents { report[tag] = measured[tag] }
        let oldest = Array(changes.prefix(FeederAnswer.mostChanges))
        changes.removeFirst(oldest.count)
        return FeederAnswer(report: report, changes: oldest, stamp_ms: stamp_ms(at: time), isTested: isTested)
    }
}
