import TapConfig
import TapCore

/// The days of the station: events from the scenario and from routine, day by day, each span labelled.
///
/// A day is planned when it begins, from streams of its own; what a scenario names comes first, and routine that would
/// meddle with it stays away.
struct StationOperations: Sendable {
    private var agenda = Agenda<StationAction>()
    private let parameters: PumpStation
    private let clock: CivilClock
    private var people: Random
    private var supply: Random
    private var weather: Random
    private var response: Random
    private var nextRain: UInt64
    private var alarmSeen: (Bool, Bool) = (false, false)

    private static let second: UInt64 = 1_000_000_000
    private static let minute = 60 * second
    private static let hour = 60 * minute

    init(_ parameters: PumpStation, clock: CivilClock, seed: UInt64) {
        self.parameters = parameters
        self.clock = clock
        people = Random(seed: seed, stream: "pump station people")
        supply = Random(seed: seed, stream: "pump station supply")
        weather = Random(seed: seed, stream: "pump station rain")
        response = Random(seed: seed, stream: "pump station alarm response")
        nextRain = 0
        nextRain = timeToRain()
        agenda.add(.newDay, at: 0)
        for event in parameters.events { schedule(event) }
    }

    var next: UInt64 { agenda.next }
    mutating func take(before end: UInt64) -> (time: UInt64, action: StationAction)? { agenda.take(before: end) }
    mutating func add(_ action: StationAction, at time: UInt64) { agenda.add(action, at: time) }

    /// Someone comes and resets the overload relay.
    mutating func respondToTrip(_ pump: Int, at time: UInt64) {
        agenda.add(.resetOverload(pump), at: time + someMinutes(20, 60))
    }

    /// Someone acknowledges a pump's failure at the screen, and again as often as it comes back: it does at once while
    /// its relay is not reset, or its cause is there.
    mutating func watch(_ program: borrowing StationProgram, at time: UInt64) {
        for pump in 0..<2 {
            let hasFailed = program.pumps[pump].hasFailed
            let wasSeen = pump == 0 ? alarmSeen.0 : alarmSeen.1
            guard hasFailed != wasSeen else { continue }
            if pump == 0 { alarmSeen.0 = hasFailed } else { alarmSeen.1 = hasFailed }
            if hasFailed { agenda.add(.resetAlarm(pump), at: time + someMinutes(10, 30)) }
        }
    }

    /// What is acknowledged has been seen: a failure after that is a new one.
    mutating func acknowledged(_ pump: Int) { if pump == 0 { alarmSeen.0 = false } else { alarmSeen.1 = false } }

    private mutating func someMinutes(_ least: Double, _ most: Double) -> UInt64 {
        UInt64((least + (most - least) * response.unit()) * Double(StationOperations.minute))
    }

    private mutating func timeToRain() -> UInt64 {
        guard parameters.inflow.rainsPerDay > 0 else { return .max }
        let days = min(1_000, weather.exponential() / parameters.inflow.rainsPerDay)
        return UInt64(days * 24 * Double(StationOperations.hour))
    }

    // MARK: A day

    mutating func plan(from start: UInt64) {
        let end = clock.midnight(after: start)
        let day = clock.local(at: start)
        agenda.add(.newDay, at: end)
        label(
            "diurnal-demand", start, end,
            "a \(day.isWeekend ? "weekend" : "working") day's inflow, \(clock.text(at: start).prefix(10))")
        daylightSaving(start, end)
        rain(before: end)
        let dips = supply.unit()
        let dipAt = supply.unit()
        let dipFor = 0.08 + 1.4 * supply.unit()
        if dips < parameters.routine.supplyDip {
            routine(
                .supplyDip, at: start + UInt64(dipAt * Double(end - start)),
                for: UInt64(dipFor * Double(StationOperations.second)), pump: 0)
        }
        if !day.isWeekend { work(from: start, daySecond: day.secondOfDay) }
    }

    private mutating func daylightSaving(_ start: UInt64, _ end: UInt64) {
        guard let change = clock.change(after: start), change.time < end else { return }
        label(
            "daylight-saving", change.time, change.time + StationOperations.hour,
            change.isForward
                ? "the HMI's clock goes from 02:00 to 03:00; the wires know nothing of it"
                : "the HMI's clock goes from 03:00 back to 02:00 and shows this hour twice; the wires know nothing of it"
        )
    }

    private mutating func rain(before end: UInt64) {
        while nextRain < end {
            let duration = UInt64((0.4 + 1.2 * weather.unit()) * Double(StationOperations.hour))
            let flow = parameters.inflow.rain_m3ps * (0.3 + 0.7 * min(4, weather.exponential()))
            let event = PumpStation.Event(
                what: .rain, at: Nanoseconds(Int64(nextRain)), duration: Nanoseconds(Int64(duration)), rain_m3ps: flow)
            let isAlone = !parameters.events.contains { $0.what == .rain && $0.overlaps(event) }
            if isAlone { schedule(event) }
            nextRain = nextRain + duration + timeToRain()
        }
    }

    /// One person, one job after the other, between half past seven and four.
    private mutating func work(from start: UInt64, daySecond: Int) {
        typealias Job = (kind: PumpStation.Event.Kind, perDay: Double, minutes: ClosedRange<Double>)
        let routine = parameters.routine
        let jobs: [Job] = [
            (.handMode, routine.handMode, 2...7), (.localStop, routine.localStop, 2...15),
            (.sensorCalibration, routine.sensorCalibration, 6...12), (.lockout, routine.lockout, 30...120),
            (.programDownload, routine.programDownload, 0.3...0.8),
        ]
        let first = Int(people.below(UInt64(jobs.count)))
        var second = 27_000 + 3_600 * people.unit()
        for index in jobs.indices {
            let job = jobs[(first + index) % jobs.count]
            // All draws are made, whatever comes of them: one rate changes no other job.
            let happens = people.unit()
            let minutes = job.minutes.lowerBound + (job.minutes.upperBound - job.minutes.lowerBound) * people.unit()
            let pause = 10 + 80 * people.unit()
            let pump = Int(people.below(2))
            // Five working days do what is asked for seven.
            guard happens < job.perDay * 1.4, second < 57_600, second >= Double(daySecond) else {
                second += pause * 60
                continue
            }
            let at = start + UInt64((second - Double(daySecond)) * 1e9)
            self.routine(job.kind, at: at, for: UInt64(minutes * Double(StationOperations.minute)), pump: pump)
            second += (minutes + pause) * 60
        }
    }

    private mutating func routine(_ kind: PumpStation.Event.Kind, at time: UInt64, for span: UInt64, pump: Int) {
        let event = PumpStation.Event(
            what: kind, at: Nanoseconds(Int64(time)), duration: Nanoseconds(Int64(span)), pump: pump + 1)
        let isAlone = !parameters.events.contains { other in
            other.what != .rain && other.overlaps(event)
        }
        if isAlone { schedule(event) }
    }

    // MARK: An event

    private mutating func label(_ name: String, _ from: UInt64, _ to: UInt64, _ truth: String, isFault: Bool = false) {
        let label = Label(
            kind: isFault ? .fault : .operation, name: name, from: Timestamp(nanoseconds: from),
            to: Timestamp(nanoseconds: to), truth: truth)
        agenda.add(.label(label), at: from)
    }

    private mutating func schedule(_ event: PumpStation.Event) {
        let from = UInt64(event.at.count)
        let to = from + UInt64(event.duration.count)
        let pump = event.pump - 1
        let name = "P\(event.pump)"
        label(event.what.rawValue, from, to, StationOperations.truth(event, name), isFault: event.what.isFault)
        switch event.what {
        case .handMode:
            // Through off: the selector takes a moment.
            agenda.add(.selector(pump: pump, auto: false, hand: false), at: from)
            agenda.add(.selector(pump: pump, auto: false, hand: true), at: min(to, from + 400_000_000))
            agenda.add(.selector(pump: pump, auto: false, hand: false), at: to - min(to - from, 300_000_000))
            agenda.add(.selector(pump: pump, auto: true, hand: false), at: to)
        case .localStop:
            agenda.add(.stopChain(pump: pump, isClosed: false), at: from)
            agenda.add(.stopChain(pump: pump, isClosed: true), at: to)
        case .lockout:
            agenda.add(.selector(pump: pump, auto: false, hand: false), at: from)
            agenda.add(.stopChain(pump: pump, isClosed: false), at: from + (to - from) / 20)
            agenda.add(.stopChain(pump: pump, isClosed: true), at: to - (to - from) / 20)
            agenda.add(.selector(pump: pump, auto: true, hand: false), at: to)
        case .programDownload:
            agenda.add(.plc(isRunning: false), at: from)
            agenda.add(.plc(isRunning: true), at: to)
        case .sensorCalibration:
            calibrate(from, to)
        case .supplyDip:
            agenda.add(.supply(false), at: from)
            agenda.add(.supply(true), at: to)
        case .rain:
            agenda.add(.rain(event.rain_m3ps), at: from)
            agenda.add(.rain(0), at: to)
        case .lostPhase, .checkValveLeaking, .checkValveStuck, .floatStuck, .contactorWelded:
            agenda.add(.fault(event.what, pump: pump, isThere: true), at: from)
            agenda.add(.fault(event.what, pump: pump, isThere: false), at: to)
        }
    }

    /// The PLC holds the level; 4, 12 and 20 mA for a quarter of the time each; then the transmitter is back.
    private mutating func calibrate(_ from: UInt64, _ to: UInt64) {
        let depth = parameters.well.depth_m
        let quarter = (to - from) / 8 * 2
        agenda.add(.hold(true), at: from)
        for (index, share) in [0, 0.5, 1].enumerated() {
            agenda.add(.transmitter(level_m: depth * share), at: from + quarter / 2 + quarter * UInt64(index))
        }
        agenda.add(.transmitter(level_m: nil), at: to - quarter / 4)
        agenda.add(.hold(false), at: to)
    }

    private static func truth(_ event: PumpStation.Event, _ pump: String) -> String {
        switch event.what {
        case .handMode: "\(pump) runs by its selector, without the PLC"
        case .localStop: "\(pump) is stopped at the pump, whatever the PLC commands"
        case .lockout: "\(pump) is switched off and its isolator locked"
        case .programDownload: "the PLC is stopped for a download: outputs off, no answer to the HMI"
        case .sensorCalibration: "LT1 says 4, 12 and 20 mA, not the level; the PLC holds the level from before"
        case .supplyDip: "the contactors' supply is gone; they drop out and are started again one by one"
        case .rain:
            "rain adds up to \(Int((event.rain_m3ps * 1_000).rounded())) l/s to the inflow, and runs off afterwards"
        case .lostPhase: "\(pump)'s motor has two phases of three"
        case .checkValveLeaking: "\(pump)'s check valve leaks while it stands"
        case .checkValveStuck: "\(pump)'s check valve stays open"
        case .floatStuck: "LSH stays as it is, whatever the level"
        case .contactorWelded: "\(pump)'s main contacts do not open"
        }
    }
}
