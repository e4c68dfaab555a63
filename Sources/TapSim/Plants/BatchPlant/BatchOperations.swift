import TapConfig
import TapCore

/// The days of the plant: orders and events from the scenario and from routine, day by day, each span labelled.
///
/// A day is planned when it begins, from streams of its own; what a scenario names comes first, and routine that would
/// meddle with it stays away.
struct BatchOperations: PlantOperations, Sendable {
    private var agenda = Agenda<BatchAction>()
    private let parameters: BatchPlant
    private let clock: CivilClock
    private var people: Random
    private var supply: Random
    private var response: Random
    /// Recipes that are asked for, the next first.
    private(set) var orders: [Int] = []
    private var isStartPending = false
    private var isPersonComing = false

    private static let second: UInt64 = 1_000_000_000
    private static let minute = 60 * second
    private static let hour = 60 * minute

    init(_ parameters: BatchPlant, clock: CivilClock, seed: UInt64) {
        self.parameters = parameters
        self.clock = clock
        people = Random(seed: seed, stream: "batch plant people")
        supply = Random(seed: seed, stream: "batch plant supply")
        response = Random(seed: seed, stream: "batch plant alarm response")
        agenda.add(.newDay, at: 0)
        for event in parameters.events { schedule(event) }
    }

    var next: UInt64 { agenda.next }
    mutating func take(before end: UInt64) -> (time: UInt64, action: BatchAction)? { agenda.take(before: end) }

    /// Somebody comes where the program waits for a person, and starts the next order where the vessel is free.
    mutating func watch(_ program: borrowing BatchProgram, at time: UInt64) {
        if program.needsPerson, !isPersonComing {
            isPersonComing = true
            let isStaffed = isStaffed(at: time)
            agenda.add(.attend, at: time + (isStaffed ? someMinutes(2, 12) : someMinutes(30, 90)))
        }
        if program.step == .idle, !orders.isEmpty, !isStartPending, !program.needsPerson {
            isStartPending = true
            agenda.add(.start, at: time + someMinutes(1, 8))
        }
    }

    mutating func hasCome() { isPersonComing = false }
    mutating func ask(_ recipe: Int) { orders.append(recipe) }

    /// The order that is started; nil: there is none, or nobody to start it.
    mutating func takeOrder(_ program: borrowing BatchProgram) -> Int? {
        isStartPending = false
        guard program.step == .idle, !program.needsPerson, !program.isHeld, !program.isManual, !orders.isEmpty else {
            return nil
        }
        // It is drained first.
        return program.hasRemains ? orders[0] : orders.removeFirst()
    }

    private func isStaffed(at time: UInt64) -> Bool {
        let local = clock.local(at: time)
        return !local.isWeekend && (6 * 3_600..<20 * 3_600).contains(local.secondOfDay)
    }

    private mutating func someMinutes(_ least: Double, _ most: Double) -> UInt64 {
        UInt64((least + (most - least) * response.unit()) * Double(BatchOperations.minute))
    }

    // MARK: A day

    mutating func plan(from start: UInt64) {
        let end = clock.midnight(after: start)
        let day = clock.local(at: start)
        agenda.add(.newDay, at: end)
        // What was not made yesterday is not made.
        orders.removeAll(keepingCapacity: true)
        label(
            "production", start, end,
            day.isWeekend
                ? "a weekend day: nobody makes batches, \(clock.text(at: start).prefix(10))"
                : "a working day's batches by the order list, \(clock.text(at: start).prefix(10))")
        let dips = supply.unit()
        let dipAt = supply.unit()
        let dipFor = 0.08 + 1.4 * supply.unit()
        if dips < parameters.routine.supplyDip {
            routine(
                .supplyDip, at: start + UInt64(dipAt * Double(end - start)),
                for: UInt64(dipFor * Double(BatchOperations.second)))
        }
        guard !day.isWeekend else { return }
        makeOrders(from: start, daySecond: day.secondOfDay)
        work(from: start, daySecond: day.secondOfDay)
    }

    private mutating func makeOrders(from start: UInt64, daySecond: Int) {
        let mean = parameters.routine.orders
        let count = Int(max(0, min(16, (mean * (0.8 + 0.4 * people.unit())).rounded())))
        let first = 6 * 3_600 + Int(people.below(1_800))
        for _ in 0..<count {
            let recipe = 1 + Int(people.below(3))
            guard first >= daySecond else { continue }
            agenda.add(.order(recipe: recipe), at: start + UInt64(first - daySecond) * BatchOperations.second)
        }
        let cleans = people.unit() < parameters.routine.cleaning * 1.4
        guard cleans, first >= daySecond else { return }
        let at = start + UInt64(first + 60 - daySecond) * BatchOperations.second
        schedule(BatchPlant.Event(what: .cleaning, at: Nanoseconds(Int64(at)), duration: .seconds(1_800)))
    }

    /// One person, one job after the other, between seven and four.
    private mutating func work(from start: UInt64, daySecond: Int) {
        typealias Job = (kind: BatchPlant.Event.Kind, perDay: Double, minutes: ClosedRange<Double>)
        let routine = parameters.routine
        let jobs: [Job] = [
            (.operatorHold, routine.operatorHold, 3...20), (.manualDosing, routine.manualDosing, 0.5...2),
            (.probeCalibration, routine.probeCalibration, 8...15), (.drumChange, routine.drumChange, 5...12),
            (.estopTest, routine.estopTest, 0.3...1), (.programDownload, routine.programDownload, 0.3...0.8),
        ]
        let first = Int(people.below(UInt64(jobs.count)))
        var second = 25_200 + 3_600 * people.unit()
        for index in jobs.indices {
            let job = jobs[(first + index) % jobs.count]
            // All draws are made, whatever comes of them: one rate changes no other job.
            let happens = people.unit()
            let minutes = job.minutes.lowerBound + (job.minutes.upperBound - job.minutes.lowerBound) * people.unit()
            let pause = 10 + 80 * people.unit()
            // Five working days do what is asked for seven.
            guard happens < job.perDay * 1.4, second < 57_600, second >= Double(daySecond) else {
                second += pause * 60
                continue
            }
            let at = start + UInt64((second - Double(daySecond)) * 1e9)
            self.routine(job.kind, at: at, for: UInt64(minutes * Double(BatchOperations.minute)))
            second += (minutes + pause) * 60
        }
    }

    private mutating func routine(_ kind: BatchPlant.Event.Kind, at time: UInt64, for span: UInt64) {
        let event = BatchPlant.Event(
            what: kind, at: Nanoseconds(Int64(time)), duration: Nanoseconds(Int64(span)))
        let isAlone = !parameters.events.contains { !$0.what.isOrder && $0.overlaps(event) }
        if isAlone { schedule(event) }
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

    private mutating func schedule(_ event: BatchPlant.Event) {
        let from = UInt64(event.at.count)
        let to = from + UInt64(event.duration.count)
        // An order's own span is not known: the screen says when it is made.
        if !event.what.isOrder {
            guard label(event.what.rawValue, from, to, BatchOperations.truth(event), isFault: event.what.isFault) else {
                return
            }
        }
        switch event.what {
        case .order: agenda.add(.order(recipe: event.recipe), at: from)
        case .cleaning: agenda.add(.order(recipe: Recipe.cleaning), at: from)
        case .manualDosing:
            agenda.add(.manual(true), at: from)
            agenda.add(.manual(false), at: to)
        case .probeCalibration: calibrate(from, to)
        case .drumChange:
            agenda.add(.held(true), at: from)
            agenda.add(.drum(isConnected: false), at: from + (to - from) / 8)
            agenda.add(.drum(isConnected: true), at: to - (to - from) / 8)
            agenda.add(.held(false), at: to)
        case .estopTest:
            agenda.add(.chain(isClosed: false), at: from)
            agenda.add(.chain(isClosed: true), at: to)
        case .operatorHold:
            agenda.add(.held(true), at: from)
            agenda.add(.held(false), at: to)
        case .programDownload:
            agenda.add(.plc(isRunning: false), at: from)
            agenda.add(.plc(isRunning: true), at: to)
        case .supplyDip:
            agenda.add(.supply(false), at: from)
            agenda.add(.supply(true), at: to)
        case .valveStuck, .dosingAir, .probeFouled, .elementOpen:
            agenda.add(.fault(event.what, valve: event.valve - 1, isThere: true), at: from)
            agenda.add(.fault(event.what, valve: event.valve - 1, isThere: false), at: to)
        }
    }

    /// The PLC holds the pH; the probe stands in pH 7.00 and 4.01 for a third of the time each; then it is back.
    private mutating func calibrate(_ from: UInt64, _ to: UInt64) {
        let part = (to - from) / 8
        agenda.add(.probeHeld(true), at: from)
        agenda.add(.buffer(pH: 7), at: from + part)
        agenda.add(.buffer(pH: 4.01), at: from + 4 * part)
        agenda.add(.calibrated, at: from + 6 * part)
        agenda.add(.buffer(pH: nil), at: from + 6 * part)
        // Until the probe has settled.
        agenda.add(.probeHeld(false), at: to)
    }

    private static func truth(_ event: BatchPlant.Event) -> String {
        switch event.what {
        case .order, .cleaning: ""
        case .manualDosing: "an operator holds the batch and doses by hand, a stroke a second"
        case .probeCalibration: "AIT1 says what the probe stands in, pH 7.00 and 4.01; the PLC holds the pH from before"
        case .drumChange:
            "the dosing pump's drum is changed; the batch is held, and the first strokes after it pump air"
        case .estopTest: "the emergency stop is pressed for a test; the batch is held until somebody resets it"
        case .operatorHold: "an operator holds the batch"
        case .programDownload: "the PLC is stopped for a download: outputs off, no answer to the HMI"
        case .supplyDip: "the control supply is gone: valves close, contacts read open; the batch goes on after it"
        case .valveStuck: "XV\(event.valve) does not pass half of its way"
        case .dosingAir: "the dosing pump has air: one stroke in five puts caustic in"
        case .probeFouled: "the pH probe is fouled: slow, and too near to pH 7"
        case .elementOpen: "one of the heater's three elements is open"
        }
    }
}
