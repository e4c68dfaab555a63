import TapConfig
import TapCore

/// The days of the bay: events from the scenario and from routine, day by day, each span labelled; and what the control
/// room does about a breaker that is open and should not be.
struct FeederOperations: PlantOperations, Sendable {
    private var agenda = Agenda<FeederAction>()
    private let parameters: FeederBay
    private let clock: CivilClock
    private var people: Random
    private var weather: Random
    private var response: Random
    /// By an order: nobody closes it meanwhile.
    var isOpenWanted = false
    private var isRestoring = false
    private var isCrewOut = false

    private static let second: UInt64 = 1_000_000_000
    private static let minute = 60 * second
    /// What is upstream waits so long for this bay to clear its faults.
    static let upstreamDelay = 3 * second

    init(_ parameters: FeederBay, clock: CivilClock, seed: UInt64) {
        self.parameters = parameters
        self.clock = clock
        people = Random(seed: seed, stream: "feeder bay people")
        weather = Random(seed: seed, stream: "feeder bay weather")
        response = Random(seed: seed, stream: "feeder bay response")
        agenda.add(.newDay, at: 0)
        for event in parameters.events { schedule(event) }
    }

    var next: UInt64 { agenda.next }
    mutating func take(before end: UInt64) -> (time: UInt64, action: FeederAction)? { agenda.take(before: end) }
    mutating func add(_ action: FeederAction, at time: UInt64) { agenda.add(action, at: time) }

    // MARK: What is seen to

    private mutating func someMinutes(_ least: Double, _ most: Double) -> UInt64 {
        UInt64((least + (most - least) * response.unit()) * Double(FeederOperations.minute))
    }

    /// The control room looks at its screen.
    mutating func watch(_ shown: FeederReport?, at time: UInt64) {
        guard !isRestoring, isIdle(shown) else { return }
        isRestoring = true
        agenda.add(.restore, at: time + someMinutes(5, 15))
    }

    /// Open, and neither wanted so nor blocked.
    private func isIdle(_ shown: FeederReport?) -> Bool {
        guard !isOpenWanted, let shown, shown[.position] == 1 else { return false }
        return shown[.lockout] == 0 && shown[.local] == 0
            && shown[.reclosing] != ProtectionProgram.Reclosing.deadTime.rawValue
    }

    mutating func mayRestore(_ shown: FeederReport?) -> Bool {
        isRestoring = false
        return isIdle(shown)
    }

    /// Someone sets out after a lockout.
    mutating func sendCrew(at time: UInt64) {
        guard !isCrewOut else { return }
        isCrewOut = true
        agenda.add(.crew, at: time + someMinutes(40, 90))
    }

    /// The crew is there and waits.
    mutating func waitForRepair(at time: UInt64) {
        isCrewOut = true
        agenda.add(.crew, at: time + 10 * FeederOperations.minute)
    }

    mutating func crewIsDone() { isCrewOut = false }

    // MARK: A day

    mutating func plan(from start: UInt64) {
        let end = clock.midnight(after: start)
        let day = clock.local(at: start)
        agenda.add(.newDay, at: end)
        label(
            "diurnal-load", start, end,
            "a \(day.isWeekend ? "weekend" : "working") day's load, \(clock.text(at: start).prefix(10))")
        if let change = clock.change(after: start), change.time < end {
            label(
                "daylight-saving", change.time, change.time + 60 * FeederOperations.minute,
                "the HMI's clock goes \(change.isForward ? "forward" : "back") by an hour; stamps are of UTC")
        }
        let rates = [
            (FeederBay.Event.Kind.transientFault, parameters.routine.transientFault, 0.05...0.2),
            (.permanentFault, parameters.routine.permanentFault, 30.0...150),
        ]
        for (kind, perDay, minutes) in rates {
            let (happens, at, length) = (weather.unit(), weather.unit(), weather.unit())
            guard happens < perDay else { continue }
            let span = minutes.lowerBound + (minutes.upperBound - minutes.lowerBound) * length
            routine(kind, at: start + UInt64(at * Double(end - start)), minutes: span)
        }
        if !day.isWeekend { work(from: start, daySecond: day.secondOfDay) }
    }

    /// One job after the other, between half past seven and four.
    private mutating func work(from start: UInt64, daySecond: Int) {
        typealias Job = (kind: FeederBay.Event.Kind, perDay: Double, minutes: ClosedRange<Double>)
        let routine = parameters.routine
        let jobs: [Job] = [
            (.switching, routine.switching, 5...60), (.lineWork, routine.lineWork, 60...200),
            (.localTest, routine.localTest, 15...40), (.protectionTest, routine.protectionTest, 10...30),
            (.batteryTest, routine.batteryTest, 1...3), (.maintenance, routine.maintenance, 60...180),
            (.rtuRestart, routine.rtuRestart, 0.4...1.5),
        ]
        let first = Int(people.below(UInt64(jobs.count)))
        var second = 27_000 + 3_600 * people.unit()
        for index in jobs.indices {
            let job = jobs[(first + index) % jobs.count]
            // All draws are made, whatever comes of them: one rate changes no other job.
            let (happens, length, pause) = (people.unit(), people.unit(), 10 + 60 * people.unit())
            let minutes = job.minutes.lowerBound + (job.minutes.upperBound - job.minutes.lowerBound) * length
            // Five working days do what is asked for seven.
            guard happens < job.perDay * 1.4, second < 57_600, second >= Double(daySecond) else { continue }
            self.routine(job.kind, at: start + UInt64((second - Double(daySecond)) * 1e9), minutes: minutes)
            second += (minutes + pause) * 60
        }
    }

    private mutating func routine(_ kind: FeederBay.Event.Kind, at time: UInt64, minutes: Double) {
        let event = FeederBay.Event(
            what: kind, at: Nanoseconds(Int64(time)),
            duration: max(kind.shortest, Nanoseconds(Int64(minutes * Double(FeederOperations.minute)))))
        guard !parameters.events.contains(where: { $0.overlaps(event) }) else { return }
        schedule(event)
    }

    // MARK: An event

    /// - Returns: false: it is the fault that does not happen.
    @discardableResult
    private mutating func label(
        _ name: String, _ from: UInt64, _ to: UInt64, _ truth: String, isFault: Bool = false
    ) -> Bool {
        let label = Label(
            kind: isFault ? .fault : .operation, name: name, from: Timestamp(nanoseconds: from),
            to: Timestamp(nanoseconds: to), truth: truth)
        guard label != parameters.absent else { return false }
        agenda.add(.label(label), at: from)
        return true
    }

    private mutating func schedule(_ event: FeederBay.Event) {
        let from = UInt64(event.at.count)
        let to = from + UInt64(event.duration.count)
        guard label(event.what.rawValue, from, to, event.what.truth, isFault: event.what.isFault) else { return }
        switch event.what {
        case .switching: switchOff(from, to)
        case .lineWork: workOnLine(from, to)
        case .localTest: isolate(from, to)
        case .maintenance:
            isolate(from, to)
            agenda.add(.supply(false), at: from + (to - from) / 5)
            agenda.add(.supply(true), at: from + (to - from) / 4)
        case .protectionTest: test(from, to)
        case .batteryTest:
            agenda.add(.supply(false), at: from + (to - from) / 2)
            agenda.add(.supply(true), at: from + (to - from) / 2 + 400_000_000)
        case .rtuRestart:
            agenda.add(.rtu(isRunning: false), at: from)
            agenda.add(.rtu(isRunning: true), at: to)
        case .transientFault, .permanentFault:
            let isTransient = event.what == .transientFault
            agenda.add(.fault(isThere: true, isTransient: isTransient), at: from)
            agenda.add(.fault(isThere: false, isTransient: isTransient), at: to)
        case .slowMechanism, .auxiliaryStuck, .springMotor, .poleStuck, .coilOpen, .gasLow, .dcLost:
            agenda.add(.machine(event.what, isThere: true), at: from)
            agenda.add(.machine(event.what, isThere: false), at: to)
        }
    }

    private mutating func switchOff(_ from: UInt64, _ to: UInt64) {
        agenda.add(.plan(isOpen: true), at: from)
        agenda.add(.order(isClose: false), at: from)
        agenda.add(.plan(isOpen: false), at: to)
        agenda.add(.order(isClose: true), at: to)
    }

    private mutating func workOnLine(_ from: UInt64, _ to: UInt64) {
        let second = FeederOperations.second
        agenda.add(.reclosing(isOff: true), at: from)
        switchOff(from, to)
        agenda.add(.earth(true), at: from + 60 * second)
        agenda.add(.earth(false), at: to - 60 * second)
        agenda.add(.reclosing(isOff: false), at: to + 20 * second)
    }

    /// The breaker between open isolators: closed and opened by hand, and nothing flows.
    private mutating func isolate(_ from: UInt64, _ to: UInt64) {
        let second = FeederOperations.second
        switchOff(from, to)
        agenda.add(.isolator(isOpen: true), at: from + 40 * second)
        agenda.add(.local(true), at: from + 60 * second)
        for (part, isClose) in [(4, true), (5, false), (6, true), (7, false)] {
            agenda.add(.byHand(isClose: isClose), at: from + (to - from) / 10 * UInt64(part))
        }
        agenda.add(.byHand(isClose: false), at: to - 80 * second)
        agenda.add(.isolator(isOpen: false), at: to - 60 * second)
        agenda.add(.local(false), at: to - 40 * second)
    }

    /// Two, five and ten times the pickup current, each until the relay has tripped.
    private mutating func test(_ from: UInt64, _ to: UInt64) {
        let part = (to - from) / 12
        agenda.add(.local(true), at: from)
        agenda.add(.reclosing(isOff: true), at: from)
        agenda.add(.test(true), at: from + part)
        for (index, times) in [2.0, 5, 10].enumerated() {
            let start = from + part * UInt64(3 + 2 * index)
            agenda.add(.inject(parameters.relay.pickup_A * times), at: start)
            agenda.add(.inject(0), at: start + min(part, 3 * FeederOperations.second))
        }
        agenda.add(.test(false), at: to - part)
        agenda.add(.reclosing(isOff: false), at: to)
        agenda.add(.local(false), at: to)
    }
}
